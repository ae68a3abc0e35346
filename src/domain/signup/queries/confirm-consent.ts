import { sql } from "drizzle-orm";
import type { Slot } from "../../../platform/calendar/slot.ts";
import { batch } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { grownTo } from "../../../platform/db/read-marks.ts";
import {
  consents,
  enrollments,
  sequences,
  subscribers,
  suppressions,
  wordings,
} from "../../../platform/db/schema/index.ts";
import { confirmOnce } from "../../people/queries/consents.ts";
import { activate } from "../../people/queries/subscribers.ts";
import { FORBIDDING, inForce, liftConfirmed } from "../../people/queries/suppressions.ts";
import { enroll, planWelcome } from "../../sequences/queries/enroll.ts";
import { lastSlotOf } from "../../sequences/queries/themes.ts";

/**
 * A consent with where its person stands in that sequence. `confirmedAt` counts also where another consent of theirs, asked
 * for before or after, was confirmed since this one was asked for: then this link is spent, and an old mail cannot undo a
 * later unsubscribe.
 */
export type ConsentView = {
  readonly consentId: number;
  readonly subscriberId: number;
  readonly address: string;
  readonly firstName: string;
  readonly requestedAt: number;
  readonly confirmedAt: number | null;
  /** When somebody at the address said that it was not them. */
  readonly deniedAt: number | null;
  readonly timeZone: string;
  readonly page: string;
  readonly origin: string;
  readonly partnerId: number | null;
  readonly formKey: string | null;
  readonly wordingVersion: string;
  readonly wordingText: string;
  readonly locale: string;
  readonly sequenceSlug: string;
  readonly sequenceTitle: string;
  readonly sequenceId: number;
  readonly enrollment: {
    readonly enrollmentId: number;
    readonly round: number;
    readonly state: "active" | "paused" | "stopped" | "completed";
    readonly weekday: number;
    readonly hour: number;
    readonly timeZone: string;
    readonly everyWeeks: number;
    readonly nextDueAt: number | null;
    readonly lastSlotAt: number | null;
  } | null;
};

/** The consent behind a confirmation link; null when it does not exist (any more). */
export async function readConsent(db: Db, consentId: number): Promise<ConsentView | null> {
  type Row = Omit<ConsentView, "enrollment"> & {
    readonly enrollmentId: number;
    readonly round: number;
    readonly state: "active" | "paused" | "stopped" | "completed" | null;
    readonly weekday: number;
    readonly hour: number;
    readonly slotZone: string;
    readonly everyWeeks: number;
    readonly nextDueAt: number | null;
    readonly lastSlotAt: number | null;
  };
  const row = await db.get<Row>(sql`
    select c.id as consentId, s.id as subscriberId, s.address as address, c.first_name as firstName,
      c.requested_at as requestedAt,
      (select max(n.confirmed_at) from ${consents} n where n.subscriber_id = c.subscriber_id
        and n.sequence_id = c.sequence_id and n.confirmed_at >= c.requested_at) as confirmedAt, c.denied_at as deniedAt, c.time_zone as timeZone, c.page as page,
      c.origin as origin, c.partner_id as partnerId, c.form_key as formKey, c.wording_version as wordingVersion,
      (select text from ${wordings} w where w.version = c.wording_version) as wordingText, c.locale as locale,
      q.slug as sequenceSlug, q.title as sequenceTitle, q.id as sequenceId, e.id as enrollmentId, e.round as round,
      e.state as state, e.weekday as weekday, e.hour as hour,
      e.time_zone as slotZone, e.every_weeks as everyWeeks, e.next_due_at as nextDueAt,
      ${lastSlotOf(sql`e.id`)} as lastSlotAt
    from ${consents} c join ${subscribers} s on s.id = c.subscriber_id join ${sequences} q on q.id = c.sequence_id
      left join ${enrollments} e on e.subscriber_id = s.id and e.sequence_id = q.id
    where c.id = ${consentId}`);
  if (row === undefined) return null;
  const {
    enrollmentId,
    round,
    state,
    weekday,
    hour,
    slotZone,
    everyWeeks,
    nextDueAt,
    lastSlotAt,
    ...consent
  } = row;
  const enrollment =
    state === null
      ? null
      : { enrollmentId, round, state, weekday, hour, timeZone: slotZone, everyWeeks, nextDueAt, lastSlotAt };
  return { ...consent, enrollment };
}

/**
 * Confirms as a compare-and-set on the consent (open, and none confirmed since it was asked for), all in one batch: consent,
 * subscriber active, enrollment (a stopped one goes on), welcome; a suppression that a person can lift is lifted, one for a
 * complaint forbids it. `goesOn`: whether a theme is published for somebody who comes back, so that a welcome back has a date to
 * tell. Of any number of requests one wins; the others change nothing. Returns whether a welcome was planned.
 */
export async function confirmConsent(
  db: Db,
  confirm: {
    readonly consentId: number;
    readonly growth: number;
    readonly confirmationId: string;
    readonly slot: Slot;
    readonly nextDueAt: number;
    readonly goesOn: boolean;
    readonly now: number;
  },
): Promise<boolean> {
  const { consentId, confirmationId, now } = confirm;
  const by = { consentId, confirmationId };
  const person = sql`select 1 from ${subscribers} where ${subscribers.id} = ${consents.subscriberId}`;
  const forbidden = sql`exists (select 1 from ${subscribers} join ${suppressions}
    on ${suppressions.addressHash} = ${subscribers.addressHash}
    where ${subscribers.id} = ${consents.subscriberId} and ${inForce(now)} and ${suppressions.reason} in ${FORBIDDING})`;
  const { welcomed } = await batch(db, {
    confirmed: confirmOnce(
      db,
      { ...by, now },
      sql`${grownTo(confirm.growth)} and exists (${person} and ${subscribers.state} <> 'erased') and not ${forbidden}`,
    ),
    lifted: liftConfirmed(db, by, now),
    activated: activate(db, by, now),
    enrolled: enroll(by, confirm, now),
    welcomed: planWelcome(by, confirm.goesOn, now),
  });
  return welcomed.length > 0;
}
