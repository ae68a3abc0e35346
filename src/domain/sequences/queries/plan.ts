import { and, eq, lte, type SQL, sql } from "drizzle-orm";
import { batch } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { fieldsOf, jsonRows, rowsOf } from "../../../platform/db/json-rows.ts";
import { grownTo } from "../../../platform/db/read-marks.ts";
import {
  batches,
  deliveries,
  enrollments,
  sequences,
  subscribers,
  suppressions,
} from "../../../platform/db/schema/index.ts";
import {
  batchesOf,
  countPlanned,
  dropEmptyBatches,
  makeBatches,
  planIntoBatches,
  recordPassed,
} from "../../ledger/queries/plan-delivery.ts";
import { isSuppressed } from "../../people/queries/standing.ts";
import { theme } from "../theme-kind.ts";
import { arrivedAt, ledgerOf, themesOf } from "./themes.ts";

/** Where a page ended: the next one begins behind it. */
export type Cursor = { readonly dueAt: number; readonly enrollmentId: number };

/** A due enrollment as a page holds it, with its unskipped themes. */
export type DueRow = Awaited<ReturnType<typeof readDuePage>>[number];

/**
 * The next due enrollments behind `after`, by (nextDueAt, id). Reads the partial index `enrollments_due` only, so its
 * cost follows what is due, not how many subscribers there are.
 */
export async function readDuePage(db: Db, now: number, after: Cursor, limit: number) {
  return db
    .select({
      enrollmentId: enrollments.id,
      sequenceId: enrollments.sequenceId,
      round: enrollments.round,
      weekday: enrollments.weekday,
      hour: enrollments.hour,
      timeZone: enrollments.timeZone,
      everyWeeks: enrollments.everyWeeks,
      answer: enrollments.answer,
      dueAt: sql<number>`${enrollments.nextDueAt}`,
      enrollment: enrollments.state,
      subscriber: subscribers.state,
      suppression: suppressions.reason,
      suppressedAt: suppressions.at,
      ledger: ledgerOf(sql`${enrollments.id}`),
    })
    .from(enrollments)
    .innerJoin(subscribers, eq(subscribers.id, enrollments.subscriberId))
    .leftJoin(suppressions, isSuppressed(now))
    .where(
      and(
        lte(enrollments.nextDueAt, now),
        sql`(${enrollments.nextDueAt}, ${enrollments.id}) > (${after.dueAt}, ${after.enrollmentId})`,
      ),
    )
    .orderBy(enrollments.nextDueAt, enrollments.id)
    .limit(limit);
}

/** Slot and pace of an enrollment as one text, by which a change in mid-plan is noticed. */
export function slotName(row: Pick<DueRow, "weekday" | "hour" | "timeZone" | "everyWeeks">): string {
  return `${row.weekday} ${row.hour} ${row.timeZone} ${row.everyWeeks}`;
}

/** A theme to plan: a delivery in place `place` of the batch named by `key`. */
export type ThemeToPlan = {
  readonly e: number;
  readonly due: number;
  /** The last theme must have arrived by then. */
  readonly apart: number;
  /** The slot and pace from which `next` was reckoned (`slotName`). */
  readonly slot: string;
  readonly next: number;
  readonly version: number;
  readonly step: number;
  readonly rendition: number;
  readonly key: string;
  readonly place: number;
};

/** A slot that passes without a letter; `step` null records nothing. `next` null completes the enrollment. */
export type SlotToPass = {
  readonly e: number;
  readonly due: number;
  readonly slot: string;
  readonly next: number | null;
  readonly version: number;
  readonly step: number | null;
  readonly rendition: number | null;
  readonly reason: string | null;
};

/**
 * Writes decisions: slots that pass in one transaction, batches with their members and next slots in another. Every row
 * holds only where the enrollment is still active, its next slot, its weekday, hour, zone and pace are still those that were read, the sequence still has
 * the version that was read (so the step is still next), and no unskipped theme is open or arrived too short a time before.
 * An enrollment that another tick planned meanwhile is left alone, and a batch that nobody joined is not made.
 * Returns the ids of the batches that were made.
 */
export async function writePlan(
  db: Db,
  plan: {
    readonly runId: number;
    readonly now: number;
    readonly wallNow: number;
    /** Nothing is written to a database that is from before the tick began (db/read-marks.ts). */
    readonly growth: number;
    readonly themes: readonly ThemeToPlan[];
    readonly passing: readonly SlotToPass[];
  },
): Promise<number[]> {
  const { runId, now, wallNow, themes, passing } = plan;
  if (passing.length > 0) await batch(db, passSlots(db, passing, plan));
  if (themes.length === 0) return [];
  const keys = [...new Set(themes.map((each) => each.key))];
  // By batch, so that each batch is looked up once and not for every letter.
  const grouped = keys.map((key) => ({ key, members: themes.filter((each) => each.key === key) }));
  const rows = rowsOf(themes);
  const member = fieldsOf<ThemeToPlan>("r");
  const unchanged = stillDue(member("due"), member("slot"), plan.growth);
  const tooClose = sql`exists (select 1 from ${deliveries} where ${themesOf(sql`${enrollments.id}`)}
    and (${arrivedAt} > ${member("apart")} or ${deliveries.state} in ('planned', 'held')))`;
  const { batches: made } = await batch(db, {
    made: makeBatches(
      keys.map((key) => ({ key, lane: theme.lane, runId })),
      wallNow,
    ),
    themes: planIntoBatches(
      theme,
      {
        anchor: enrollments.id,
        round: enrollments.round,
        item: member("step"),
        recipientId: enrollments.subscriberId,
        renditionId: member("rendition"),
        slotAt: sql<number>`${enrollments.nextDueAt}`,
        runId,
        batchId: sql`${batches.id}`,
        place: member("place"),
      },
      now,
      sql`from ${jsonRows(grouped)} g cross join ${batches} on ${batches.idempotencyKey} = g.value ->> 'key'
        cross join json_each(g.value, '$.members') r cross join ${enrollments} on ${enrollments.id} = ${member("e")}
        where ${unchanged} and ${sameEdition(member("version"))} and not ${tooClose}`,
    ),
    counted: countPlanned(db, runId),
    advanced: db
      .update(enrollments)
      .set({ nextDueAt: rows.of("next") })
      .from(rows.from)
      .where(
        and(
          eq(enrollments.id, rows.of("e")),
          unchanged,
          sql`exists (select 1 from ${deliveries} where ${themesOf(sql`${enrollments.id}`)}
            and ${deliveries.round} = ${enrollments.round} and ${deliveries.item} = ${rows.of("step")})`,
        ),
      ),
    dropped: dropEmptyBatches(db, keys),
    batches: batchesOf(db, keys),
  });
  return made.map(({ id }) => id);
}

/** Slots that pass: those with a step are recorded, and each enrollment goes on to its next slot or is completed. */
function passSlots(
  db: Db,
  passing: readonly SlotToPass[],
  plan: { readonly runId: number; readonly now: number; readonly growth: number },
) {
  const rows = rowsOf(passing);
  const unchanged = sql`${stillDue(rows.of("due"), rows.of("slot"), plan.growth)} and ${sameEdition(rows.of("version"))}`;
  return {
    recorded: recordPassed(
      theme,
      {
        anchor: enrollments.id,
        round: enrollments.round,
        item: sql<number>`${rows.of("step")}`,
        recipientId: enrollments.subscriberId,
        renditionId: sql<number>`${rows.of("rendition")}`,
        slotAt: sql<number>`${enrollments.nextDueAt}`,
        runId: plan.runId,
        reason: rows.of("reason"),
      },
      plan.now,
      sql`from ${rows.from} join ${enrollments} on ${enrollments.id} = ${rows.of("e")}
        where ${unchanged} and ${rows.of("step")} is not null`,
    ),
    advanced: db
      .update(enrollments)
      .set({
        nextDueAt: rows.of("next"),
        state: sql`case when ${rows.of("next")} is null then 'completed' else ${enrollments.state} end`,
      })
      .from(rows.from)
      .where(and(eq(enrollments.id, rows.of("e")), unchanged)),
  };
}

/** Condition: the enrollment is active, and its next slot, weekday, hour, zone and pace are those that were read. */
function stillDue(due: SQL, slot: SQL, growth: number): SQL {
  return sql`${enrollments.state} = 'active' and ${enrollments.nextDueAt} = ${due} and ${grownTo(growth)}
    and ${enrollments.weekday} || ' ' || ${enrollments.hour} || ' ' || ${enrollments.timeZone} || ' ' ||
      ${enrollments.everyWeeks} = ${slot}`;
}

/** Condition: the enrollment's sequence still has the version that was read. */
function sameEdition(version: SQL): SQL {
  return sql`(${enrollments.sequenceId}, ${version}) in (select ${sequences.id}, ${sequences.version} from ${sequences})`;
}

/**
 * Lets paused readers go on whose pause ends by itself, in the slot that was reckoned for them; at most `limit` a call, and
 * nobody in a database from before the tick began. Returns how many.
 */
export async function endPauses(
  db: Db,
  when: { readonly now: number; readonly growth: number },
  limit: number,
): Promise<number> {
  const over = db
    .select({ id: enrollments.id })
    .from(enrollments)
    .where(sql`${enrollments.resumeAt} is not null and ${enrollments.resumeAt} <= ${when.now}`)
    .orderBy(enrollments.resumeAt)
    .limit(limit);
  const rows = await db
    .update(enrollments)
    .set({ state: "active", nextDueAt: sql`${enrollments.resumeAt}`, resumeAt: null, pauseUntil: null })
    .where(and(eq(enrollments.state, "paused"), grownTo(when.growth), sql`${enrollments.id} in ${over}`))
    .returning({ id: enrollments.id });
  return rows.length;
}
