import { and, desc, eq, getTableColumns, isNull, lt, type SQL, sql } from "drizzle-orm";
import { batch, type Statement, together } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { broadcasts, deliveries, drafts, segments } from "../../../platform/db/schema/index.ts";
import type { ActVerb, Doer } from "../../acts/act.ts";
import { acted, recordAct } from "../../acts/queries/acts.ts";
import { OF_SITE } from "../../letters/queries/drafts.ts";

/** A broadcast, as it stands. The audience of a draft that's for a saved segment is what that says now; `segmentRevision` then tells of its changes. */
export type Broadcast = typeof broadcasts.$inferSelect & { readonly segmentRevision: number };
type New = Pick<
  typeof broadcasts.$inferInsert,
  "language" | "fromName" | "audience" | "segmentId" | "time" | "onThemeDays" | "holdMinutes" | "isPublic"
>;

/** Makes a draft, with the act. Returns its id. */
export async function makeBroadcast(
  db: Db,
  made: New & { readonly now: number; readonly by: Doer; readonly from: number | null },
): Promise<number> {
  const { now, by, from, ...values } = made;
  const object = sql`'broadcast:' || last_insert_rowid()`;
  const { row } = await batch(db, {
    row: db
      .insert(broadcasts)
      .values({ ...values, createdAt: now, createdBy: by.actor })
      .returning({ id: broadcasts.id }),
    act: recordAct(by, {
      at: now,
      verb: "begin_broadcast",
      object: object as unknown as string,
      changed: from === null ? {} : { from },
    }),
  });
  const [one] = row;
  if (one === undefined) throw new Error("a broadcast that was just made has no id");
  return one.id;
}

const isForSegment = sql`(${broadcasts.state} = 'draft' and ${broadcasts.segmentId} is not null)`;
const ofSegment = (column: typeof segments.content | typeof segments.revision) =>
  sql`(select ${column} from ${segments} where ${segments.id} = ${broadcasts.segmentId})`;
const segmentRevisionNow = sql`iif(${isForSegment}, coalesce(${ofSegment(segments.revision)}, 0), 0)`;

const columns = {
  ...getTableColumns(broadcasts),
  audience: sql<unknown>`${sql`iif(${isForSegment}, ${ofSegment(segments.content)}, ${broadcasts.audience})`}`
    .mapWith((json: string | null) => (json === null ? null : (JSON.parse(json) as unknown)))
    .as("audience_now"),
  segmentRevision: sql<number>`${segmentRevisionNow}`.as("segment_revision"),
};

/** A broadcast; null where there is none. */
export async function readBroadcast(db: Db, id: number): Promise<Broadcast | null> {
  const [row] = await db.select(columns).from(broadcasts).where(eq(broadcasts.id, id));
  return row ?? null;
}

/** Broadcasts behind `before` (an id), the newest first, each with the subject that it's written with. */
export function listBroadcasts(db: Db, before: number, limit: number) {
  const written = sql<
    string | null
  >`(select ${drafts.content} ->> 'subject' from ${drafts} where ${drafts.id} = (
    select max(${drafts.id}) from ${drafts} where ${drafts.sequence} = ${OF_SITE} and ${drafts.kind} = 'letter'
      and ${drafts.letter} = 'broadcast-' || ${broadcasts.id}))`;
  return db
    .select({ ...columns, written: sql<string | null>`${written}`.as("written") })
    .from(broadcasts)
    .where(lt(broadcasts.id, before))
    .orderBy(desc(broadcasts.id))
    .limit(limit);
}

/** Condition: broadcasts that have something to do, as the small index `broadcasts_open` holds them. */
export const isOpen: SQL = sql`(${broadcasts.state} in ('scheduled', 'sending')
  or ${broadcasts.state} = 'stopped' and ${broadcasts.endedAt} is null)`;

/** The ids of those whose time has come, at most `limit`. */
export async function listDueBroadcasts(db: Db, now: number, limit: number): Promise<number[]> {
  const rows = await db
    .select({ id: broadcasts.id })
    .from(broadcasts)
    .where(sql`${isOpen} and ${broadcasts.locksAt} <= ${now}`)
    .orderBy(broadcasts.locksAt)
    .limit(limit);
  return rows.map(({ id }) => id);
}

/** When something is to be done next of a broadcast: one is locked, or someone's slot comes. Null for never. */
export async function nextBroadcastInstant(db: Db): Promise<number | null> {
  const [row] = await db
    .select({
      locks: sql<number | null>`(select min(${broadcasts.locksAt}) from ${broadcasts}
        where ${isOpen} and ${broadcasts.state} = 'scheduled')`.as("locks"),
      waits: sql<number | null>`(select min(${deliveries.slotAt}) from ${deliveries}
        where ${deliveries.batchId} is null and ${deliveries.state} = 'planned' and ${deliveries.runId} is not null)`.as(
        "waits",
      ),
    })
    .from(sql`(select 1)`);
  const instants = [row?.locks ?? null, row?.waits ?? null].filter((at) => at !== null);
  return instants.length === 0 ? null : Math.min(...instants);
}

/** A change of a broadcast: what someone saw of it, what it becomes, and on whose word. */
export type Change = {
  readonly seen: Pick<Broadcast, "id" | "revision" | "state"> &
    /** Where it's said, a draft's saved segment is as it was seen, too. */
    Partial<Pick<Broadcast, "segmentRevision">>;
  readonly become: Partial<Omit<Broadcast, "id" | "revision" | "renditionId" | "segmentRevision">> & {
    /** An id, or the rendition that's known by its hash. */
    readonly renditionId?: number | null | SQL<number>;
  };
  readonly verb: ActVerb;
  readonly changed?: Readonly<Record<string, unknown>>;
  readonly now: number;
  readonly by: Doer;
};

/** Condition: a broadcast is still in the state and revision in which it was seen. */
function isAsSeen({ id, revision, state, segmentRevision }: Change["seen"]): SQL {
  const segment = segmentRevision === undefined ? sql`` : sql`and ${segmentRevisionNow} = ${segmentRevision}`;
  return sql`exists (select 1 from ${broadcasts} where ${broadcasts.id} = ${id}
    and ${broadcasts.revision} = ${revision} and ${broadcasts.state} = ${state} ${segment})`;
}

/**
 * Changes a broadcast where it's as it was seen, with the act, and what `also` gives for that; `first` is done before, whatever comes: all of it or nothing. False where
 * someone was faster: of two one wins.
 */
export async function changeBroadcast(
  db: Db,
  change: Change,
  {
    first = {},
    also = () => ({}),
  }: {
    readonly first?: Readonly<Record<string, Statement>>;
    readonly also?: (done: SQL) => Readonly<Record<string, Statement>>;
  } = {},
): Promise<boolean> {
  const { seen, become, verb, changed = {}, now, by } = change;
  const object = `broadcast:${seen.id}`;
  const done = acted(by, verb);
  const results = await batch(
    db,
    together({ act: recordAct(by, { at: now, verb, object, changed }, isAsSeen(seen)) }, first, {
      became: db
        .update(broadcasts)
        .set({ ...become, revision: sql`${broadcasts.revision} + 1` })
        .where(and(eq(broadcasts.id, seen.id), eq(broadcasts.revision, seen.revision), done)),
      ...also(done),
    }),
  );
  return results.act.changes === 1;
}

/** Lets anyone read a broadcast on the site, from when it leaves, or takes it off, with the act. False where it isn't as it was seen. */
export function showOnSite(
  db: Db,
  seen: Change["seen"],
  isPublic: boolean,
  done: { readonly now: number; readonly by: Doer },
): Promise<boolean> {
  const changed = { is_public: isPublic };
  return changeBroadcast(db, { seen, become: { isPublic }, verb: "change_broadcast", changed, ...done });
}

/** Condition: the step of this name was taken. */
export function isStep(id: number, step: string): SQL {
  return sql`exists (select 1 from ${broadcasts} where ${broadcasts.id} = ${id} and ${broadcasts.step} = ${step})`;
}

/** Condition: it's being sent, as it was read: nobody has stopped or held it, and no other step was taken. */
export function isSending({ id, step }: Pick<Broadcast, "id" | "step">): SQL {
  return sql`exists (select 1 from ${broadcasts} where ${broadcasts.id} = ${id} and ${broadcasts.step} = ${step}
    and ${broadcasts.state} = 'sending')`;
}

/** Statement: takes a step of the lock as it was read; nothing where it was taken before, or someone stopped or held it. */
export function takeLockStep(
  db: Db,
  { id, cursor, step: before }: Pick<Broadcast, "id" | "cursor" | "step">,
  step: string,
  upTo: number,
  condition: SQL,
) {
  return db
    .update(broadcasts)
    .set({ cursor: upTo, step })
    .where(
      and(
        eq(broadcasts.id, id),
        eq(broadcasts.state, "sending"),
        eq(broadcasts.cursor, cursor),
        eq(broadcasts.step, before),
        condition,
      ),
    )
    .returning({ id: broadcasts.id });
}

/** Statement: a broadcast of which nothing is left to send has ended. */
export function endBroadcast(
  db: Db,
  { id, state, step }: Pick<Broadcast, "id" | "state" | "step">,
  now: number,
) {
  return db
    .update(broadcasts)
    .set({ endedAt: now, ...(state === "sending" ? { state: "done" as const } : {}) })
    .where(
      and(
        eq(broadcasts.id, id),
        eq(broadcasts.state, state),
        eq(broadcasts.step, step),
        isNull(broadcasts.endedAt),
      ),
    );
}

/** Statement: throws a draft away, with the act. What it said stays among the saves. False where it isn't the draft that was seen. */
export async function discardBroadcast(
  db: Db,
  seen: Pick<Broadcast, "id" | "revision" | "state">,
  { now, by }: { readonly now: number; readonly by: Doer },
): Promise<boolean> {
  const object = `broadcast:${seen.id}`;
  const { act } = await batch(db, {
    act: recordAct(
      by,
      { at: now, verb: "discard_broadcast", object, changed: {} },
      sql`${seen.state} = 'draft' and ${isAsSeen(seen)}`,
    ),
    gone: db.delete(broadcasts).where(and(eq(broadcasts.id, seen.id), acted(by, "discard_broadcast"))),
  });
  return act.changes === 1;
}
