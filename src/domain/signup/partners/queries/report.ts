import { eq, max, type SQL, sql } from "drizzle-orm";
import { DAY_MS } from "../../../../platform/calendar/durations.ts";
import { batch } from "../../../../platform/db/batch.ts";
import type { Db } from "../../../../platform/db/client.ts";
import {
  consents,
  lapsedSignUps,
  refusals,
  subscribers,
  suppressions,
} from "../../../../platform/db/schema/index.ts";

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

const NOTHING: Omit<ReportRow, "week"> = {
  submitted: 0,
  confirmed: 0,
  active: 0,
  tooEarly: 0,
  unsubscribed: 0,
  bounced: 0,
  complained: 0,
  refused: 0,
};

/** Refusals that would tell something of an address, or of who else is at its domain: they count as sign-ups. */
const OF_ADDRESSES = sql`('in_sequence', 'suppressed', 'address_budget', 'denied_before', 'domain_budget')`;

// D1 binds numbers as REAL: a division by one would not be of whole numbers.
const weekOf = (day: SQL) => sql<number>`(${day} + 3) / 7`;
const dayMs = sql.raw(String(DAY_MS));

/**
 * A partner's weeks with anything in them, newest first, from `firstDay` (epoch days) up to before `endDay`. `submitted` counts
 * sign-ups that passed the gate, whatever the state of the address; `refused` those that didn't; all else people who confirmed, each for the
 * partner that they first confirmed by.
 */
export async function readReport(
  db: Db,
  report: {
    readonly partnerId: number;
    readonly now: number;
    readonly firstDay: number;
    readonly endDay: number;
  },
): Promise<ReportRow[]> {
  const { partnerId, now, firstDay, endDay } = report;
  const theirs = sql`${subscribers.firstConsentId} = ${consents.id}`;
  const theirSuppression = sql`${suppressions.addressHash} = ${subscribers.addressHash} and ${suppressions.liftedAt} is null`;
  const many = (condition: SQL) => sql<number>`coalesce(sum(${condition}), 0)`;
  const suppressed = (reason: string) =>
    many(sql`${theirs} and exists (
      select 1 from ${suppressions} where ${theirSuppression} and ${suppressions.reason} = ${reason})`);
  const fourWeeksOn = sql`${consents.confirmedAt} + ${FOUR_WEEKS_MS}`;
  const stayed = sql`(${subscribers.unsubscribedAt} is null or ${subscribers.unsubscribedAt} >= ${fourWeeksOn})
    and not exists (select 1 from ${suppressions} where ${theirSuppression}
      and ${suppressions.until} is null and ${suppressions.at} < ${fourWeeksOn})`;
  const inDays = (day: SQL) => sql`${day} >= ${firstDay} and ${day} < ${endDay}`;
  const requestedOn = sql`${consents.requestedAt} / ${dayMs}`;
  const refusedOn = sql`${refusals.day}`;
  const lapsedOn = sql`${lapsedSignUps.day}`;
  const parts = await batch(db, {
    people: db
      .select({
        week: weekOf(requestedOn).as("week"),
        submitted: sql<number>`count(*)`.as("submitted"),
        confirmed: many(theirs).as("confirmed"),
        active: many(sql`${theirs} and ${fourWeeksOn} <= ${now} and ${stayed}`).as("active"),
        tooEarly: many(sql`${theirs} and ${fourWeeksOn} > ${now}`).as("too_early"),
        unsubscribed: many(sql`${theirs} and ${subscribers.state} in ('unsubscribed', 'erased')`).as("left"),
        bounced: suppressed("bounce").as("bounced"),
        complained: suppressed("complaint").as("complained"),
      })
      .from(consents)
      .innerJoin(subscribers, sql`${subscribers.id} = ${consents.subscriberId}`)
      .where(
        sql`${consents.partnerId} = ${partnerId} and ${consents.requestedAt} >= ${firstDay * DAY_MS}
          and ${consents.requestedAt} < ${endDay * DAY_MS}`,
      )
      .groupBy(sql`1`),
    refused: db
      .select({
        week: weekOf(refusedOn).as("week"),
        refused: sql<number>`sum(${refusals.count} * (${refusals.reason} not in ${OF_ADDRESSES}))`.as(
          "refused",
        ),
        submitted: sql<number>`sum(${refusals.count} * (${refusals.reason} in ${OF_ADDRESSES}))`.as(
          "submitted",
        ),
      })
      .from(refusals)
      .where(sql`${inDays(refusedOn)} and ${refusals.partnerId} = ${partnerId}`)
      .groupBy(sql`1`),
    lapsed: db
      .select({
        week: weekOf(lapsedOn).as("week"),
        submitted: sql<number>`sum(${lapsedSignUps.count})`.as("submitted"),
      })
      .from(lapsedSignUps)
      .where(sql`${inDays(lapsedOn)} and ${lapsedSignUps.partnerId} = ${partnerId}`)
      .groupBy(sql`1`),
  });
  const weeks = new Map<number, ReportRow>();
  for (const row of [...parts.people, ...parts.refused, ...parts.lapsed]) {
    const { week, ...counted } = row;
    const before = weeks.get(week) ?? { week, ...NOTHING };
    const submitted = before.submitted + ("submitted" in counted ? counted.submitted : 0);
    weeks.set(week, { ...before, ...counted, submitted });
  }
  return [...weeks.values()].sort((a, b) => b.week - a.week);
}

/** The last day (epoch days) on which a partner's forms sent anything, taken or refused; null where none is on record. */
export async function lastSeenDay(db: Db, partnerId: number): Promise<number | null> {
  const { posted, refused, lapsed } = await batch(db, {
    posted: db
      .select({ day: sql<number | null>`max(${consents.requestedAt}) / ${dayMs}`.as("day") })
      .from(consents)
      .where(eq(consents.partnerId, partnerId)),
    refused: db
      .select({ day: max(refusals.day).as("day") })
      .from(refusals)
      .where(eq(refusals.partnerId, partnerId)),
    lapsed: db
      .select({ day: max(lapsedSignUps.day).as("day") })
      .from(lapsedSignUps)
      .where(eq(lapsedSignUps.partnerId, partnerId)),
  });
  const days = [posted, refused, lapsed].flatMap(([row]) => (row?.day == null ? [] : [row.day]));
  return days.length === 0 ? null : Math.max(...days);
}
