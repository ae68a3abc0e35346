import { sql } from "drizzle-orm";
import { MIN_GAP_MS } from "../../../platform/calendar/slot.ts";
import { batch } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { field, jsonRows } from "../../../platform/db/json-rows.ts";
import { grownTo } from "../../../platform/db/read-marks.ts";
import type { LedgerTheme } from "../../ledger/ledger-theme.ts";
import type { AgeBand } from "../../people/age-band.ts";
import { inForce } from "../../people/queries/opting-out.ts";
import type { SubscriberState } from "../../people/subscriber-state.ts";
import type { SuppressionReason } from "../../people/suppression.ts";

/** A due enrollment as a page holds it, with its unskipped themes. */
export type DueRow = {
  readonly enrollmentId: number;
  readonly sequenceId: number;
  readonly round: number;
  readonly weekday: number;
  readonly hour: number;
  readonly timeZone: string;
  readonly everyWeeks: number;
  readonly ageBand: AgeBand | null;
  readonly dueAt: number;
  readonly enrollment: "active" | "paused" | "stopped" | "completed";
  readonly subscriber: SubscriberState;
  readonly suppression: SuppressionReason | null;
  readonly ledger: readonly LedgerTheme[];
};

/** Where a page ended: the next one begins behind it. */
export type Cursor = { readonly dueAt: number; readonly enrollmentId: number };

/**
 * The next due enrollments behind `after`, by (nextDueAt, id). Reads the partial index `enrollments_due` only, so its
 * cost follows what is due, not how many subscribers there are.
 */
export async function readDuePage(db: Db, now: number, after: Cursor, limit: number): Promise<DueRow[]> {
  const rows = await db.all<Omit<DueRow, "ledger"> & { readonly themes: string }>(sql`
    select e.id as enrollmentId, e.sequence_id as sequenceId, e.round as round, e.weekday as weekday, e.hour as hour,
      e.time_zone as timeZone, e.every_weeks as everyWeeks, s.age_band as ageBand, e.next_due_at as dueAt, e.state as enrollment, s.state as subscriber,
      x.reason as suppression,
      (select json_group_array(json_object('stepId', item, 'round', d.round, 'slotAt', slot_at, 'state', d.state))
        from deliveries d where d.kind = 'theme' and d.anchor = e.id and d.item is not null) as themes
    from enrollments e indexed by enrollments_due join subscribers s on s.id = e.subscriber_id
      left join suppressions x on x.address_hash = s.address_hash and ${inForce(now)}
    where e.next_due_at <= ${now} and (e.next_due_at, e.id) > (${after.dueAt}, ${after.enrollmentId})
    order by e.next_due_at, e.id limit ${limit}`);
  return rows.map(({ themes, ...row }) => ({ ...row, ledger: JSON.parse(themes) as LedgerTheme[] }));
}

/** The run of the tick that stood for `tickAt`; the same tick repeated is the same run. */
export async function openRun(db: Db, tickAt: number, wallNow: number): Promise<number> {
  const row = await db.get<{ id: number }>(sql`
    insert into runs (cause, cause_id, at, started_at) values ('tick', ${tickAt}, ${tickAt}, ${wallNow})
    on conflict (cause, cause_id) do update set at = excluded.at returning id`);
  if (row === undefined) throw new Error("an upsert returned no run");
  return row.id;
}

/** Slot and pace of an enrollment as one text, by which a change in mid-plan is noticed. */
export function slotName(row: Pick<DueRow, "weekday" | "hour" | "timeZone" | "everyWeeks">): string {
  return `${row.weekday} ${row.hour} ${row.timeZone} ${row.everyWeeks}`;
}

/** A theme to plan: a delivery in place `place` of the batch named by `key`. */
export type ThemeToPlan = {
  readonly e: number;
  readonly due: number;
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
 * the version that was read (so the step is still next), and no unskipped theme is open or less than six days away.
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
  const keys = [...new Set(themes.map((theme) => theme.key))];
  const unchanged = sql`e.state = 'active' and e.next_due_at = ${field("due")} and ${grownTo(plan.growth)}
    and e.weekday || ' ' || e.hour || ' ' || e.time_zone || ' ' || e.every_weeks = ${field("slot")}`;
  const sameEdition = sql`(e.sequence_id, ${field("version")}) in (select id, version from sequences)`;

  const insertBatches = sql`
    insert into batches (lane, run_id, idempotency_key, enqueued_at)
    select 'letters', ${runId}, value, ${wallNow} from json_each(${JSON.stringify(keys)})`;
  // By batch, so that each batch is looked up once and not for every letter.
  const grouped = keys.map((key) => ({ key, members: themes.filter((theme) => theme.key === key) }));
  const insertThemes = sql`
    insert into deliveries (kind, anchor, round, item, intended_item, recipient_id, rendition_id, run_id, batch_id,
      place, slot_at, state, planned_at)
    select 'theme', e.id, e.round, ${field("step")}, ${field("step")}, e.subscriber_id, ${field("rendition")}, ${runId},
      b.id, ${field("place")}, e.next_due_at, 'planned', ${now}
    from ${jsonRows(grouped)} g cross join batches b on b.idempotency_key = g.value ->> 'key'
      cross join json_each(g.value, '$.members') r cross join enrollments e on e.id = ${field("e")}
    where ${unchanged} and ${sameEdition} and not exists (
      select 1 from deliveries d where d.kind = 'theme' and d.anchor = e.id and d.item is not null
        and (d.slot_at > e.next_due_at - ${MIN_GAP_MS} or d.state in ('planned', 'held')))
    on conflict (kind, anchor, round, item) do nothing`;
  const countPlanned = sql`update runs set planned = planned + changes() where id = ${runId}`;
  const advanceThemes = sql`
    update enrollments as e set next_due_at = ${field("next")}
    from ${jsonRows(themes)} r where e.id = ${field("e")} and ${unchanged} and exists (
      select 1 from deliveries d where d.kind = 'theme' and d.anchor = e.id and d.round = e.round
        and d.item = ${field("step")})`;
  const insertSkips = sql`
    insert into deliveries (kind, anchor, round, item, intended_item, recipient_id, rendition_id, run_id, slot_at, state,
      reason, planned_at, settled_at)
    select 'theme', e.id, e.round, null, ${field("step")}, e.subscriber_id, ${field("rendition")}, ${runId},
      e.next_due_at, 'skipped', ${field("reason")}, ${now}, ${now}
    from ${jsonRows(passing)} r join enrollments e on e.id = ${field("e")}
    where ${unchanged} and ${sameEdition} and ${field("step")} is not null`;
  const advancePassing = sql`
    update enrollments as e set next_due_at = ${field("next")},
      state = case when ${field("next")} is null then 'completed' else e.state end
    from ${jsonRows(passing)} r where e.id = ${field("e")} and ${unchanged} and ${sameEdition}`;
  const dropEmpty = sql`
    delete from batches where idempotency_key in (select value from json_each(${JSON.stringify(keys)}))
      and not exists (select 1 from deliveries d where d.batch_id = batches.id)`;
  const readMade = sql`
    select id from batches where idempotency_key in (select value from json_each(${JSON.stringify(keys)})) order by id`;

  if (passing.length > 0) await batch(db, [insertSkips, advancePassing]);
  if (themes.length === 0) return [];
  const results = await batch(db, [
    insertBatches,
    insertThemes,
    countPlanned,
    advanceThemes,
    dropEmpty,
    readMade,
  ]);
  return (results[5] as { id: number }[]).map((row) => row.id);
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
  const rows = await db.all(sql`
    update enrollments set state = 'active', next_due_at = resume_at, resume_at = null, pause_until = null
    where state = 'paused' and ${grownTo(when.growth)} and id in (
      select id from enrollments indexed by enrollments_resuming where resume_at <= ${when.now} order by resume_at
      limit ${limit})
    returning id`);
  return rows.length;
}
