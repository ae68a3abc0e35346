import { type SQL, sql } from "drizzle-orm";
import { batch } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { field, jsonRows } from "../../../platform/db/json-rows.ts";
import { sawJournal } from "../../../platform/db/read-marks.ts";
import type { JournalEntry } from "../../../platform/guard/guard-port.ts";
import type { Suppression } from "../suppression.ts";

/** Reasons that only the owner lifts: nothing at all is mailed, not even a confirmation. */
export const FORBIDDING: SQL = sql`('erased', 'complaint', 'owner')`;

/** Condition that suppression `x` is in force at `now`. */
export function inForce(now: number): SQL {
  return sql`x.lifted_at is null and (x.until is null or x.until > ${now})`;
}

/** Condition that enrollment `e` of subscriber `s` is completed and was not left since: leaving it keeps a publication from resuming it. */
const completedAndKept: SQL = sql`e.state = 'completed' and not exists (select 1 from opt_outs o
  where o.address_hash = s.address_hash and o.kind = 'stopped' and o.sequence_id = e.sequence_id
    and o.at >= max(e.enrolled_at, coalesce(e.returned_at, 0)))`;

/**
 * Statements that stop enrollments of a subscriber (one, or all with `enrollmentId` null) and unsubscribe whoever has none
 * left, with the record of it. To be put into one `batch()`; running them again changes nothing. The second returns a row for each
 * sequence that was left, the fifth for an unsubscribed person. A page that was opened before is out of date afterwards.
 */
export function stopStatements(stop: {
  readonly subscriberId: number;
  readonly enrollmentId: number | null;
  readonly reason: string;
  readonly now: number;
}) {
  const { subscriberId, reason, now } = stop;
  const which = stop.enrollmentId === null ? sql`` : sql`and e.id = ${stop.enrollmentId}`;
  const living = sql`e.subscriber_id = ${subscriberId} and e.state in ('active', 'paused')`;
  const noneLeft = sql`s.id = ${subscriberId} and s.state = 'active' and not exists (
    select 1 from enrollments e where ${living})`;
  return [
    sql`update subscribers as s set revision = revision + 1 where s.id = ${subscriberId} and exists (
      select 1 from enrollments e where ${living} ${which})`,
    sql`
      insert into opt_outs (address_hash, kind, sequence_id, reason, at)
      select s.address_hash, 'stopped', e.sequence_id, ${reason}, ${now}
      from enrollments e join subscribers s on s.id = e.subscriber_id
      where e.subscriber_id = ${subscriberId} and (e.state in ('active', 'paused') or ${completedAndKept}) ${which}
      returning id`,
    sql`update enrollments as e set state = 'stopped', next_due_at = null, resume_at = null, pause_until = null
      where ${living} ${which} returning id`,
    sql`
      insert into opt_outs (address_hash, kind, reason, at)
      select s.address_hash, 'unsubscribed', ${reason}, ${now} from subscribers s where ${noneLeft}`,
    sql`update subscribers as s set state = 'unsubscribed', unsubscribed_at = ${now} where ${noneLeft} returning id`,
  ] as const;
}

const rank = (of: string) =>
  sql.raw(`case ${of}.reason when 'erased' then 6 when 'complaint' then 5 when 'owner' then 4 when 'bounce' then 3 when 'quarantine' then 2
    else 1 end`);

/** A stronger suppression wins, and a later one as strong; nothing from before a lift does (rule 3.24). */
const whereItWins: SQL = sql`
  on conflict (address_hash) do update set reason = excluded.reason, at = excluded.at, until = excluded.until,
    lifted_at = null
  where excluded.at > coalesce(suppressions.lifted_at, 0) and (suppressions.lifted_at is not null
    or ${rank("excluded")} > ${rank("suppressions")}
    or ${rank("excluded")} = ${rank("suppressions")} and excluded.at > suppressions.at)`;

/**
 * Statements that put an address on the suppression list. A stronger or later one wins; an event from before a lift changes
 * nothing (rule 3.24). Lasting ones are also recorded for the Guard's journal.
 */
export function suppressStatements(addressHash: string, suppression: Suppression) {
  const { reason, at, until } = suppression;
  const upsert = sql`
    insert into suppressions (address_hash, reason, at, until) values (${addressHash}, ${reason}, ${at}, ${until})
    ${whereItWins}`;
  const record = sql`
    insert into opt_outs (address_hash, kind, reason, at)
    select x.address_hash, 'suppressed', x.reason, x.at from suppressions x
    where x.address_hash = ${addressHash} and x.at = ${at} and x.reason = ${reason} and x.lifted_at is null
      and not exists (select 1 from opt_outs o where o.address_hash = x.address_hash and o.kind = 'suppressed'
        and o.at = x.at)`;
  return until === null ? [upsert, record] : [upsert];
}

/** What `stopStatements` is about to record, for the Guard to hear of it first. */
export function readStoppable(
  db: Db,
  stop: { readonly subscriberId: number; readonly enrollmentId: number | null },
): Promise<Array<{ readonly addressHash: string; readonly sequenceId: number; readonly last: 0 | 1 }>> {
  const which = stop.enrollmentId === null ? sql`` : sql`and e.id = ${stop.enrollmentId}`;
  return db.all(sql`
    select s.address_hash as addressHash, e.sequence_id as sequenceId,
      ${
        stop.enrollmentId === null
          ? sql`1`
          : sql`not exists (select 1 from enrollments o
        where o.subscriber_id = s.id and o.state in ('active', 'paused') and o.id <> e.id)`
      } as last
    from enrollments e join subscribers s on s.id = e.subscriber_id
    where e.subscriber_id = ${stop.subscriberId} and (e.state in ('active', 'paused') or ${completedAndKept}) ${which}`);
}

/** Lifts what is in force on an address; with `reasons` only those. Returns whether there was anything to lift. */
export async function liftSuppression(
  db: Db,
  lift: { readonly addressHash: string; readonly now: number; readonly note: string },
): Promise<boolean> {
  const rows = await db.all<{ hash: string }>(sql`
    update suppressions as x set lifted_at = ${lift.now}, note = ${lift.note}
    where x.address_hash = ${lift.addressHash} and ${inForce(lift.now)} returning address_hash as hash`);
  return rows.length > 0;
}

/** Opt-outs that the Guard does not have yet, oldest first. */
export function readUnjournaled(
  db: Db,
  limit: number,
): Promise<Array<JournalEntry & { readonly id: number }>> {
  return db.all(sql`
    select id, address_hash as addressHash, kind, sequence_id as sequenceId, reason, at from opt_outs
    where journaled_at is null order by id limit ${limit}`);
}

export async function markJournaled(
  db: Db,
  ids: readonly number[],
  at: { readonly wallNow: number; readonly lastEntry: number },
): Promise<void> {
  await batch(db, [
    sql`
      update opt_outs set journaled_at = ${at.wallNow} where id in (select value from json_each(${JSON.stringify(ids)}))`,
    sawJournal(at.lastEntry),
  ]);
}

/**
 * Applies opt-outs from the Guard's journal to a restored database: suppressions, stops, unsubscribes, each unless the
 * person confirmed again after it, and remembers how far. Idempotent.
 */
export async function replayOptOuts(
  db: Db,
  entries: readonly JournalEntry[],
  when: { readonly wallNow: number; readonly lastEntry: number },
): Promise<void> {
  const rows = jsonRows(entries);
  const [hash, kind, sequence, reason, at] = ["addressHash", "kind", "sequenceId", "reason", "at"].map(field);
  await batch(db, [
    sql`
      insert into suppressions (address_hash, reason, at) select ${hash}, ${reason}, ${at} from ${rows} r
      where ${kind} = 'suppressed'
      ${whereItWins}`,
    sql`
      update enrollments as e set state = 'stopped', next_due_at = null, resume_at = null, pause_until = null
      from ${rows} r join subscribers s on s.address_hash = ${hash}
      where e.subscriber_id = s.id and e.state in ('active', 'paused')
        and (${kind} <> 'stopped' or e.sequence_id = ${sequence})
        and coalesce((select max(c.confirmed_at) from consents c where c.subscriber_id = s.id
          and c.sequence_id = e.sequence_id), 0) <= ${at} and coalesce(e.returned_at, -1) < ${at}`,
    sql`
      update subscribers as s set state = 'unsubscribed', unsubscribed_at = ${at} from ${rows} r
      where s.address_hash = ${hash} and ${kind} <> 'stopped' and s.state = 'active'
        and coalesce(s.confirmed_at, 0) <= ${at}
        and not exists (select 1 from enrollments e where e.subscriber_id = s.id
          and (e.state in ('active', 'paused') or e.returned_at >= ${at}))`,
    sql`
      insert into opt_outs (address_hash, kind, sequence_id, reason, at, journaled_at)
      select ${hash}, ${kind}, ${sequence}, ${reason}, ${at}, ${when.wallNow} from ${rows} r
      where not exists (select 1 from opt_outs o where o.address_hash = ${hash} and o.kind = ${kind} and o.at = ${at}
        and o.sequence_id is ${sequence})`,
    // The lost time had erased them: the next ticks do it again (retention/erase.ts).
    sql`
      insert into erasures (subscriber_id, address_hash, request_id, asked_at, confirmed_at)
      select s.id, ${hash}, lower(hex(randomblob(16))), ${at}, ${at} from ${rows} r
        join subscribers s on s.address_hash = ${hash}
      where ${kind} = 'suppressed' and ${reason} = 'erased' and s.state <> 'erased' and s.created_at <= ${at}
        and not exists (select 1 from erasures a where a.subscriber_id = s.id and a.confirmed_at is not null)`,
    sawJournal(when.lastEntry),
  ]);
}

/**
 * Whether the stored check value is this one; the first to ask stores its own. A mismatch means that SUPPRESSION_KEY was
 * changed, so that nobody on the list would be recognised.
 */
export async function sameSuppressionCheck(db: Db, value: string): Promise<boolean> {
  const row = await db.get<{ value: string }>(sql`
    insert into facts (name, value) values ('suppression_check', ${value})
    on conflict (name) do update set value = facts.value returning value`);
  return row?.value === value;
}

/** Whether another check value is stored: SUPPRESSION_KEY was changed. Changes nothing. */
export async function hasOtherSuppressionCheck(db: Db, value: string): Promise<boolean> {
  const row = await db.get<{ value: string }>(sql`select value from facts where name = 'suppression_check'`);
  return row !== undefined && row.value !== value;
}
