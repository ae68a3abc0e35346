import { sql } from "drizzle-orm";
import { DAY_MS } from "../../../platform/calendar/durations.ts";
import type { Db } from "../../../platform/db/client.ts";
import {
  consents,
  lapsedSignUps,
  refusals,
  subscribers,
  suppressions,
} from "../../../platform/db/schema/index.ts";

const FOUR_WEEKS_MS = 28 * DAY_MS;

/** `week` counts Mondays (UTC) from the one before the epoch, 29 December 1969. */
export type ReportRow = {
  readonly week: number;
  readonly submitted: number;
  readonly confirmed: number;
  readonly active: number;
  /** How many confirmed less than four weeks ago. */
  readonly tooEarly: number;
  readonly unsubscribed: number;
  readonly bounced: number;
  readonly complained: number;
  readonly refused: number;
};

/** Refusals that would tell whether an address is known here. */
const OF_ADDRESSES = "'in_sequence', 'suppressed', 'address_budget', 'denied_before'";

/**
 * A partner's weeks with anything in them, newest first, from `firstDay` (epoch days) up to before `endDay`. `submitted` counts
 * sign-ups that got a confirmation; all else people, each for the partner that they first confirmed by.
 */
export function readReport(
  db: Db,
  report: {
    readonly partnerId: number;
    readonly now: number;
    readonly firstDay: number;
    readonly endDay: number;
  },
): Promise<ReportRow[]> {
  const { partnerId, now, firstDay, endDay } = report;
  const theirs = sql`s.first_consent_id = c.id`;
  // Whoever never confirmed belongs to the last form that they used.
  const lastTry = sql`(s.first_consent_id is null and c.id = (
    select max(n.id) from ${consents} n where n.subscriber_id = s.id))`;
  const suppressed = (reason: string) => sql`coalesce(sum((${theirs} or ${lastTry}) and exists (
    select 1 from ${suppressions} x where x.address_hash = s.address_hash and x.reason = ${reason}
      and x.lifted_at is null)), 0)`;
  const stayed = sql`(s.unsubscribed_at is null or s.unsubscribed_at >= c.confirmed_at + ${FOUR_WEEKS_MS})
    and not exists (select 1 from ${suppressions} x where x.address_hash = s.address_hash and x.lifted_at is null
      and x.until is null and x.at < c.confirmed_at + ${FOUR_WEEKS_MS})`;
  // D1 binds numbers as REAL: a division by one would not be of whole numbers.
  const dayMs = sql.raw(String(DAY_MS));
  return db.all<ReportRow>(sql`
    with people as (
      select (c.requested_at / ${dayMs} + 3) / 7 as week, count(*) as submitted,
        coalesce(sum(${theirs}), 0) as confirmed,
        coalesce(sum(${theirs} and c.confirmed_at + ${FOUR_WEEKS_MS} <= ${now} and ${stayed}), 0) as active,
        coalesce(sum(${theirs} and c.confirmed_at + ${FOUR_WEEKS_MS} > ${now}), 0) as tooEarly,
        coalesce(sum(${theirs} and s.state in ('unsubscribed', 'erased')), 0) as unsubscribed,
        ${suppressed("bounce")} as bounced, ${suppressed("complaint")} as complained
      from ${consents} c join ${subscribers} s on s.id = c.subscriber_id
      where c.partner_id = ${partnerId} and c.requested_at >= ${firstDay * DAY_MS} and c.requested_at < ${endDay * DAY_MS}
      group by 1),
    refused as (
      select (day + 3) / 7 as week, sum(count) as refused from ${refusals}
      where day >= ${firstDay} and day < ${endDay} and partner_id = ${partnerId}
        and reason not in (${sql.raw(OF_ADDRESSES)}) group by 1),
    lapsed as (
      select (day + 3) / 7 as week, sum(count) as lapsed from ${lapsedSignUps}
      where day >= ${firstDay} and day < ${endDay} and partner_id = ${partnerId} group by 1)
    select w.week as week, coalesce(p.submitted, 0) + coalesce(l.lapsed, 0) as submitted, coalesce(p.confirmed, 0) as confirmed,
      coalesce(p.active, 0) as active, coalesce(p.tooEarly, 0) as tooEarly, coalesce(p.unsubscribed, 0) as unsubscribed,
      coalesce(p.bounced, 0) as bounced, coalesce(p.complained, 0) as complained, coalesce(r.refused, 0) as refused
    from (select week from people union select week from refused union select week from lapsed) w
      left join people p on p.week = w.week left join refused r on r.week = w.week
      left join lapsed l on l.week = w.week
    order by w.week desc`);
}
