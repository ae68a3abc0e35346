import { and, asc, eq, gt, isNull, lte, type SQL, sql } from "drizzle-orm";
import { DAY_MS } from "../../../platform/calendar/durations.ts";
import { batch } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { rowsOf } from "../../../platform/db/json-rows.ts";
import {
  deliveries,
  enrollments,
  optOuts,
  sequences,
  steps,
  stepVariants,
  subscribers,
} from "../../../platform/db/schema/index.ts";
import type { Doer } from "../../acts/act.ts";
import { countIntoAct } from "../../acts/queries/acts.ts";
import { leftSince } from "./stop.ts";
import { arrivedAt, lastArrivalOf, ledgerOf, themesOf } from "./themes.ts";

/** Whether a sequence was ever published under this name. */
export async function isPublished(db: Db, slug: string): Promise<boolean> {
  return (await db.select({ id: sequences.id }).from(sequences).where(eq(sequences.slug, slug))).length > 0;
}

/** Renditions of a step by the choice that they're for. */
type StepVariants = Readonly<Record<string, number>>;

const variants = sql`(select json_group_object(${stepVariants.choice}, ${stepVariants.renditionId})
  from ${stepVariants} where ${stepVariants.stepId} = ${steps.id})`.mapWith(
  (json: string) => JSON.parse(json) as StepVariants,
);

/** The steps of all given sequences in position order, archived ones left out, with the version they belong to. */
export async function readSequencePlans(db: Db) {
  return sequencePlans(db);
}

/** Query: the same. */
export function sequencePlans(db: Db) {
  return db
    .select({
      sequenceId: sql<number>`${sequences.id}`.as("sequence_id"),
      sequence: sql<string>`${sequences.slug}`.as("sequence"),
      version: sequences.version,
      stepId: steps.id,
      slug: steps.slug,
      title: steps.title,
      position: steps.position,
      status: steps.status,
      backfill: steps.backfill,
      renditionId: steps.renditionId,
      variants: variants.as("variants"),
    })
    .from(sequences)
    .innerJoin(steps, and(eq(steps.sequenceId, sequences.id), isNull(steps.archivedAt)))
    .orderBy(asc(sequences.id), asc(steps.position));
}

/** Condition: the enrollment of the joined subscriber is completed and may be resumed: they are active, and did not leave it since. */
const resumable: SQL = sql`(${enrollments.state} = 'completed' and ${subscribers.state} = 'active' and not ${leftSince})`;

/** The enrollments of a sequence that may be resumed, with their unskipped themes, by id behind `after`. */
export async function readResumable(db: Db, sequenceId: number, after: number, limit: number) {
  return db
    .select({
      enrollmentId: enrollments.id,
      round: enrollments.round,
      weekday: enrollments.weekday,
      hour: enrollments.hour,
      timeZone: enrollments.timeZone,
      everyWeeks: enrollments.everyWeeks,
      lastAt: lastArrivalOf(sql`${enrollments.id}`),
      ledger: ledgerOf(sql`${enrollments.id}`),
    })
    .from(enrollments)
    .innerJoin(subscribers, eq(subscribers.id, enrollments.subscriberId))
    .where(and(eq(enrollments.sequenceId, sequenceId), resumable, gt(enrollments.id, after)))
    .orderBy(enrollments.id)
    .limit(limit);
}

/** Sets completed enrollments active again with their next slots, and counts them into the act; one that changed meanwhile is left alone. */
export async function resumeEnrollments(
  db: Db,
  next: ReadonlyArray<{ readonly id: number; readonly next: number }>,
  done: { readonly sequenceSlug: string; readonly now: number; readonly by: Doer },
): Promise<number> {
  const rows = rowsOf(next);
  const object = `sequence:${done.sequenceSlug}`;
  const { resumed } = await batch(db, {
    resumed: db
      .update(enrollments)
      .set({ state: "active", nextDueAt: rows.of("next") })
      .from(rows.from)
      .where(and(eq(enrollments.id, rows.of("id")), eq(enrollments.state, "completed")))
      .returning({ id: enrollments.id }),
    act: countIntoAct(done.by, { at: done.now, verb: "resume_readers", object }, "readers"),
  });
  return resumed.length;
}

/** Who leaves so soon after a letter may have left because of it. */
const LEFT_AFTER_MS = 6 * DAY_MS;

/** Readers of a sequence who stand alike. */
export type ReaderGroup = {
  /** Whether they go on, would be resumed if a publication says so, get nothing more whatever is published, or left. */
  readonly standing: "goes_on" | "resumable" | "over" | "left";
  /** The steps that they had in this round, by slug. */
  readonly had: readonly string[];
  /** The step within six days of which they left; empty for none. */
  readonly leftAfter: string;
  readonly readers: number;
};

/** The groups of readers of a sequence: of all of them, or of those whose enrollment's id is behind `after` and up to `upTo`. */
export async function readReaderGroups(
  db: Db,
  sequenceSlug: string,
  range: { readonly after: number; readonly upTo: number } | null = null,
): Promise<ReaderGroup[]> {
  const standing = sql<
    ReaderGroup["standing"]
  >`case when ${enrollments.state} in ('active', 'paused') then 'goes_on'
    when ${enrollments.state} = 'stopped' then 'left' when ${resumable} then 'resumable' else 'over' end`;
  const had = sql<string>`(select json_group_array(theme) from (select ${steps.slug} as theme
    from ${deliveries} join ${steps} on ${steps.id} = ${deliveries.item}
    where ${themesOf(sql`${enrollments.id}`)} and ${deliveries.round} = ${enrollments.round} order by ${steps.id}))`;
  const leftAt = sql`(select max(${optOuts.at}) from ${optOuts} where ${optOuts.addressHash} = ${subscribers.addressHash}
    and ${optOuts.kind} = 'stopped' and ${optOuts.sequenceId} = ${enrollments.sequenceId})`;
  const leftAfter = sql<string>`coalesce(case when ${enrollments.state} = 'stopped' then (select ${steps.slug}
    from ${deliveries} join ${steps} on ${steps.id} = ${deliveries.item}
    where ${themesOf(sql`${enrollments.id}`)} and ${leftAt} - ${arrivedAt} between 0 and ${LEFT_AFTER_MS}
    order by ${deliveries.slotAt} desc limit 1) end, '')`;
  const rows = await db
    .select({
      standing: standing.as("standing"),
      had: had.as("had"),
      leftAfter: leftAfter.as("left_after"),
      readers: sql<number>`count(*)`,
    })
    .from(enrollments)
    .innerJoin(sequences, eq(sequences.id, enrollments.sequenceId))
    .innerJoin(subscribers, eq(subscribers.id, enrollments.subscriberId))
    .where(
      and(
        eq(sequences.slug, sequenceSlug),
        range === null ? undefined : gt(enrollments.id, range.after),
        range === null ? undefined : lte(enrollments.id, range.upTo),
      ),
    )
    .groupBy(sql`1`, sql`2`, sql`3`);
  return rows.map((row) => ({ ...row, had: JSON.parse(row.had) as string[] }));
}

/** To be selected along: the number of enrollments of a sequence, `most` at most. */
export function enrolledIn(sequenceSlug: string, most: number): SQL<number> {
  return sql<number>`(select count(*) from (select 1 from ${enrollments} where ${enrollments.sequenceId} =
    (select ${sequences.id} from ${sequences} where ${sequences.slug} = ${sequenceSlug}) limit ${most}))`;
}

/** The id of the last of all enrollments; 0 for none. */
export async function lastEnrollmentId(db: Db): Promise<number> {
  const [row] = await db.select({ id: sql<number>`coalesce(max(${enrollments.id}), 0)` }).from(enrollments);
  return row?.id ?? 0;
}
