import { and, eq, type SQL, sql } from "drizzle-orm";
import { batch } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { listOf } from "../../../platform/db/json-rows.ts";
import { broadcasts, segments } from "../../../platform/db/schema/index.ts";
import type { Doer } from "../../acts/act.ts";
import { acted, recordAct } from "../../acts/queries/acts.ts";
import { type Segment, segmentSchema } from "../segment.ts";

/** A saved segment: a filter of readers by a name. */
export type SavedSegment = {
  readonly id: number;
  readonly name: string;
  readonly segment: Segment;
  readonly revision: number;
  /** Null while it's offered. */
  readonly archivedAt: number | null;
};

/** More than anyone has. */
const LISTED_MAX = 200;
const USED_BY_MAX = 20;

const savedOf = ({ content, ...row }: Omit<typeof segments.$inferSelect, "createdAt">): SavedSegment => ({
  ...row,
  segment: segmentSchema.parse(content),
});

const { id, name, content, revision, archivedAt } = segments;
const columns = { id, name, content, revision, archivedAt };

/** Every saved segment by name, archived ones last, each with how many broadcasts are or were for it. */
export async function listSegments(db: Db) {
  const usedBy = sql<number>`(select count(*) from ${broadcasts} where ${broadcasts.segmentId} = ${segments.id})`;
  const rows = await db
    .select({ ...columns, usedBy: sql<number>`${usedBy}`.as("used_by") })
    .from(segments)
    .orderBy(sql`${archivedAt} is not null`, name)
    .limit(LISTED_MAX);
  return rows.map(({ usedBy: broadcastsOfIt, ...row }) => ({ ...savedOf(row), usedBy: broadcastsOfIt }));
}

/** A saved segment; null where there is none. */
export async function readSegment(db: Db, wanted: number): Promise<SavedSegment | null> {
  const [row] = await db.select(columns).from(segments).where(eq(id, wanted));
  return row === undefined ? null : savedOf(row);
}

/** A saved segment with the latest broadcasts that are or were for it; null where there is none. */
export async function readUsedSegment(db: Db, wanted: number) {
  const { state, subject } = broadcasts;
  const usedBy = listOf(
    { id: broadcasts.id, state, subject },
    sql`from (select * from ${broadcasts} where ${broadcasts.segmentId} = ${wanted}
      order by ${broadcasts.id} desc limit ${USED_BY_MAX}) ${broadcasts}`,
  );
  const [row] = await db
    .select({ ...columns, usedBy: usedBy.as("used_by") })
    .from(segments)
    .where(eq(id, wanted));
  if (row === undefined) return null;
  const { usedBy: broadcastsOfIt, ...rest } = row;
  return { saved: savedOf(rest), usedBy: broadcastsOfIt };
}

type Made = { readonly name: string; readonly segment: Segment; readonly now: number; readonly by: Doer };

/** Condition: no other segment has this name. */
function isFree(wanted: string, own: number): SQL {
  return sql`not exists (select 1 from ${segments} where ${name} = ${wanted} and ${id} <> ${own})`;
}

/** Saves a new segment, with the act. Returns its id; null where the name is taken. */
export async function makeSegment(db: Db, made: Made): Promise<number | null> {
  const { now, by, segment } = made;
  const object = sql`'segment:' || (select ${id} from ${segments} where ${name} = ${made.name})`;
  const { row } = await batch(db, {
    row: db
      .insert(segments)
      .values({ name: made.name, content: segment, createdAt: now })
      .onConflictDoNothing()
      .returning({ id }),
    act: recordAct(
      by,
      {
        at: now,
        verb: "save_segment",
        object: object as unknown as string,
        changed: { name: made.name, segment },
      },
      sql`changes() > 0`,
    ),
  });
  return row[0]?.id ?? null;
}

/** What changing a segment came to. */
export type SegmentChanged = "changed" | "stale" | "taken";

/** Changes a segment as it was seen, with the act. Broadcasts that are scheduled already keep what they were scheduled with. */
export async function changeSegment(
  db: Db,
  seen: Pick<SavedSegment, "id" | "revision">,
  made: Made,
): Promise<SegmentChanged> {
  const { now, by, segment } = made;
  const isSeen = sql`exists (select 1 from ${segments} where ${id} = ${seen.id} and ${revision} = ${seen.revision})`;
  const verb = "change_segment";
  const { act, taken } = await batch(db, {
    act: recordAct(
      by,
      { at: now, verb, object: `segment:${seen.id}`, changed: { name: made.name, segment } },
      sql`${isSeen} and ${isFree(made.name, seen.id)}`,
    ),
    changed: db
      .update(segments)
      .set({ name: made.name, content: segment, revision: sql`${revision} + 1` })
      .where(and(eq(id, seen.id), eq(revision, seen.revision), acted(by, verb))),
    taken: db.select({ id }).from(segments).where(sql`${name} = ${made.name} and ${id} <> ${seen.id}`),
  });
  return act.changes === 1 ? "changed" : taken.length > 0 ? "taken" : "stale";
}

/** Archives a segment, or brings it back, with the act. False where it isn't as it was seen. */
export async function archiveSegment(
  db: Db,
  { id: wanted, revision: seen, archivedAt: was }: SavedSegment,
  { now, by }: { readonly now: number; readonly by: Doer },
): Promise<boolean> {
  const verb = was === null ? "archive_segment" : "bring_back_segment";
  const isSeen = sql`exists (select 1 from ${segments} where ${id} = ${wanted} and ${revision} = ${seen})`;
  const { act } = await batch(db, {
    act: recordAct(by, { at: now, verb, object: `segment:${wanted}`, changed: {} }, isSeen),
    changed: db
      .update(segments)
      .set({ archivedAt: was === null ? now : null, revision: sql`${revision} + 1` })
      .where(and(eq(id, wanted), eq(revision, seen), acted(by, verb))),
  });
  return act.changes === 1;
}
