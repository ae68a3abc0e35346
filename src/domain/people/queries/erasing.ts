import { type SQL, sql } from "drizzle-orm";
import { batch } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { sawJournal } from "../../../platform/db/read-marks.ts";
import { stopStatements, suppressStatements } from "./opting-out.ts";

const DAY_MS = 24 * 3_600_000;

/** A request to erase somebody, with what is needed to fulfil it. */
export type Erasure = {
  readonly erasureId: number;
  readonly subscriberId: number;
  readonly addressHash: string;
  readonly confirmedAt: number | null;
  readonly erasedAt: number | null;
};

/** The request with this id; null when there is none. */
export async function readErasure(db: Db, erasureId: number): Promise<Erasure | null> {
  const row = await db.get<Erasure>(sql`
    select id as erasureId, subscriber_id as subscriberId, address_hash as addressHash, confirmed_at as confirmedAt,
      erased_at as erasedAt
    from erasures where id = ${erasureId}`);
  return row ?? null;
}

/** Makes a request that needs no mailed link, because the owner makes it. Returns its id; null where the person is erased already. */
export async function requestOwnersErasure(
  db: Db,
  request: {
    readonly subscriberId: number;
    readonly addressHash: string;
    readonly requestId: string;
    readonly now: number;
  },
): Promise<number | null> {
  const row = await db.get<{ id: number }>(sql`
    insert into erasures (subscriber_id, address_hash, request_id, asked_at)
    select s.id, ${request.addressHash}, ${request.requestId}, ${request.now} from subscribers s
    where s.id = ${request.subscriberId} and s.state <> 'erased' returning id`);
  return row?.id ?? null;
}

/**
 * Everything that must hold from the moment of the confirmation on, in one batch: all letters stop, the address is on the list
 * of those never to be mailed, and the request is confirmed. Returns whether this call confirmed it. Repeating changes nothing.
 */
export async function confirmErasure(
  db: Db,
  erasure: Pick<Erasure, "erasureId" | "subscriberId" | "addressHash">,
  at: { readonly now: number; readonly lastEntry: number | null },
): Promise<boolean> {
  const { subscriberId, addressHash } = erasure;
  const results = await batch(db, [
    sql`update erasures set confirmed_at = ${at.now} where id = ${erasure.erasureId} and confirmed_at is null returning id`,
    ...stopStatements({ subscriberId, enrollmentId: null, reason: "erased", now: at.now }),
    ...suppressStatements(addressHash, { reason: "erased", at: at.now, until: null }),
    ...(at.lastEntry === null ? [] : [sawJournal(at.lastEntry)]),
  ]);
  return (results[0]?.length ?? 0) > 0;
}

/** Confirmed requests that are not fulfilled; a random choice, so that some that must wait do not keep the others waiting. */
export function listOpenErasures(db: Db, limit: number): Promise<Erasure[]> {
  return db.all(sql`
    select id as erasureId, subscriber_id as subscriberId, address_hash as addressHash, confirmed_at as confirmedAt,
      erased_at as erasedAt
    from erasures indexed by erasures_open where confirmed_at is not null and erased_at is null
    order by random() limit ${limit}`);
}

/**
 * Erases a person whose request is confirmed, unless a provider call of unknown outcome may still need their address for a repeat
 * with the same bytes: then nothing changes, and the next tick tries again. What stays: the row's id, which links and the
 * ledger point at, the HMAC of the address, what was agreed to and when (without name, zone and network), the ledger, and the
 * opt-outs. All or nothing; returns whether the person is erased.
 */
export async function eraseNow(db: Db, erasure: Erasure, now: number): Promise<boolean> {
  const id = erasure.subscriberId;
  const gone = sql`exists (select 1 from subscribers s where s.id = ${id} and s.state = 'erased')`;
  await batch(db, [
    sql`
      update subscribers set state = 'erased', address = '', address_key = 'erased ' || id, first_name = '',
        age_band = null
      where id = ${id} and state <> 'erased' and not exists (${openLetters(id)})
        and exists (select 1 from erasures a where a.id = ${erasure.erasureId} and a.confirmed_at is not null)`,
    sql`
      update consents set first_name = '', time_zone = 'UTC', ip_hash = null, folded_hash = null,
        denied_at = case when confirmed_at is null then coalesce(denied_at, ${now}) else denied_at end
      where subscriber_id = ${id} and ${gone}`,
    sql`update enrollments set weekday = 1, hour = 0, time_zone = 'UTC', every_weeks = 1, not_before = null
      where subscriber_id = ${id} and ${gone}`,
    sql`delete from reader_changes where subscriber_id = ${id} and ${gone}`,
    sql`delete from feedback_events where subscriber_id = ${id} and ${gone}`,
    sql`update opt_outs set said = null where address_hash = ${erasure.addressHash} and said is not null and ${gone}`,
    sql`update erasures set erased_at = ${now} where subscriber_id = ${id} and erased_at is null
      and confirmed_at is not null and ${gone}`,
  ]);
  return (await readErasure(db, erasure.erasureId))?.erasedAt !== null;
}

/**
 * Letters of a person in a batch that is still open: planned ones, and any whose address an attempt has pinned. By owner, because
 * the ledger has no index on subscribers.
 */
function openLetters(subscriberId: number): SQL {
  return sql`
    with own(kind, anchor) as (
      select 'confirmation', c.id from consents c where c.subscriber_id = ${subscriberId}
      union all select 'welcome', e.id from enrollments e where e.subscriber_id = ${subscriberId}
      union all select 'theme', e.id from enrollments e where e.subscriber_id = ${subscriberId}
      union all select 'notice', a.id from erasures a where a.subscriber_id = ${subscriberId}),
    letters as (
      select d.id, d.state, d.batch_id from own cross join deliveries d on d.kind = own.kind and d.anchor = own.anchor),
    everything as (
      select * from letters
      union all select r.id, r.state, r.batch_id from letters l
        cross join deliveries r on r.kind = 'repeat' and r.anchor = l.id)
    select 1 from everything l join batches b on b.id = l.batch_id
    where b.state <> 'done' and (l.state = 'planned' or exists (select 1 from attempts t where t.batch_id = b.id))`;
}

/** What a tick forgets; instants before which each kind of record is old. */
export type Before = {
  readonly pending: number;
  readonly network: number;
  readonly events: number;
  readonly changes: number;
  readonly counts: number;
};

/** Whether there is anything to forget or to erase: one look at the end of each index. */
export async function readForgettable(db: Db, now: number, before: Before) {
  const row = await db.get<Record<"erasures" | "pending" | "rest", 0 | 1>>(sql`
    select exists (select 1 from erasures indexed by erasures_open where confirmed_at is not null and erased_at is null)
        as erasures,
      exists (select 1 from consents indexed by consents_unconfirmed
        where confirmed_at is null and requested_at < ${before.pending}) as pending,
      exists (select 1 from gate_counts where ends_at <= ${now})
        or exists (select 1 from consents indexed by consents_with_ip
          where ip_hash is not null and requested_at < ${before.network})
        or exists (select 1 from feedback_events indexed by feedback_by_age where received_at < ${before.events})
        or exists (select 1 from reader_changes indexed by reader_changes_by_age
          where at < ${before.changes} and kind <> 'return')
        or exists (select 1 from refusals where day < ${Math.floor(before.counts / DAY_MS)})
        or exists (select 1 from bounce_days where day < ${Math.floor(before.events / DAY_MS)}) as rest`);
  return { erasures: row?.erasures === 1, pending: row?.pending === 1, rest: row?.rest === 1 };
}

/**
 * Forgets sign-ups that were not confirmed in time (or were denied): the consents with their confirmations, and whoever has none
 * left and was never a reader. How many there were stays, by day and partner. At most `limit` a call, oldest first; all or
 * nothing. Nobody is forgotten while a confirmation of theirs is on its way. Returns how many sign-ups.
 */
export async function forgetPending(db: Db, before: number, limit: number): Promise<number> {
  const rows = await db.all<{ id: number; subscriberId: number }>(sql`
    select c.id as id, c.subscriber_id as subscriberId from consents c indexed by consents_unconfirmed
    where c.confirmed_at is null and c.requested_at < ${before} and not exists (
      select 1 from deliveries d join batches b on b.id = d.batch_id and b.state <> 'done'
      where d.kind = 'confirmation' and d.anchor = c.id)
    order by c.requested_at limit ${limit}`);
  if (rows.length === 0) return 0;
  const consents = sql`(select value from json_each(${JSON.stringify(rows.map(({ id }) => id))}))`;
  const people = sql`(select value from json_each(${JSON.stringify(rows.map((row) => row.subscriberId))}))`;
  // D1 binds numbers as REAL: a division by one would not be of whole numbers.
  const dayMs = sql.raw(String(DAY_MS));
  const results = await batch(db, [
    sql`
      insert into lapsed_sign_ups (day, partner_id, count)
      select requested_at / ${dayMs}, coalesce(partner_id, 0), count(*) from consents
      where id in ${consents} and confirmed_at is null group by 1, 2
      on conflict (day, partner_id) do update set count = lapsed_sign_ups.count + excluded.count`,
    sql`
      delete from deliveries where kind = 'confirmation' and anchor in (
        select id from consents where id in ${consents} and confirmed_at is null)`,
    sql`delete from consents where id in ${consents} and confirmed_at is null returning id`,
    sql`
      delete from subscribers where id in ${people} and state in ('pending', 'erased') and confirmed_at is null
        and not exists (select 1 from consents c where c.subscriber_id = subscribers.id)
        and not exists (select 1 from erasures a where a.subscriber_id = subscribers.id)`,
  ]);
  return results[2]?.length ?? 0;
}

/**
 * Forgets budgets that are over, networks of sign-ups, reports of mailboxes, readers' changes and old counts; a bounded number of
 * each. Changes by which a reader came back stay: they are the proof that letters were wanted again.
 */
export async function forgetRest(db: Db, now: number, before: Before, limit: number): Promise<void> {
  await batch(db, [
    sql`
      delete from gate_counts where (ends_at, bucket) in (
        select ends_at, bucket from gate_counts where ends_at <= ${now} order by ends_at limit ${limit})`,
    sql`
      update consents set ip_hash = null where id in (select id from consents indexed by consents_with_ip
        where ip_hash is not null and requested_at < ${before.network} order by requested_at limit ${limit})`,
    sql`
      delete from feedback_events where svix_id in (select svix_id from feedback_events indexed by feedback_by_age
        where received_at < ${before.events} and parked_at is null order by received_at limit ${limit})`,
    sql`
      delete from reader_changes where id in (select id from reader_changes indexed by reader_changes_by_age
        where at < ${before.changes} and kind <> 'return' order by at limit ${limit})`,
    sql`
      delete from refusals where (day, partner_id, reason) in (select day, partner_id, reason from refusals
        where day < ${Math.floor(before.counts / DAY_MS)} order by day limit ${limit})`,
    sql`
      delete from bounce_days where (domain, day) in (select domain, day from bounce_days
        where day < ${Math.floor(before.events / DAY_MS)} limit ${limit})`,
  ]);
}
