import { sql } from "drizzle-orm";
import { batch } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { grownTo } from "../../../platform/db/read-marks.ts";
import { planWelcome } from "../../ledger/queries/personal.ts";
import { FORBIDDING, inForce } from "../../people/queries/opting-out.ts";

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
  readonly enrollment: {
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
      (select max(n.confirmed_at) from consents n where n.subscriber_id = c.subscriber_id
        and n.sequence_id = c.sequence_id and n.confirmed_at >= c.requested_at) as confirmedAt, c.denied_at as deniedAt, c.time_zone as timeZone, c.page as page,
      c.origin as origin, c.partner_id as partnerId, c.form_key as formKey, c.wording_version as wordingVersion,
      (select text from wordings w where w.version = c.wording_version) as wordingText, c.locale as locale,
      q.slug as sequenceSlug, q.title as sequenceTitle, e.state as state, e.weekday as weekday, e.hour as hour,
      e.time_zone as slotZone, e.every_weeks as everyWeeks, e.next_due_at as nextDueAt,
      (select max(slot_at) from deliveries d where d.kind = 'theme' and d.anchor = e.id and d.item is not null) as lastSlotAt
    from consents c join subscribers s on s.id = c.subscriber_id join sequences q on q.id = c.sequence_id
      left join enrollments e on e.subscriber_id = s.id and e.sequence_id = q.id
    where c.id = ${consentId}`);
  if (row === undefined) return null;
  const { state, weekday, hour, slotZone, everyWeeks, nextDueAt, lastSlotAt, ...consent } = row;
  const enrollment =
    state === null ? null : { state, weekday, hour, timeZone: slotZone, everyWeeks, nextDueAt, lastSlotAt };
  return { ...consent, enrollment };
}

/**
 * Confirms as a compare-and-set on the consent (open, and none confirmed since it was asked for), all in one batch: consent, subscriber active, enrollment (a stopped one
 * goes on), welcome; a suppression that a person can lift is lifted, one for a complaint forbids it. Of any number of requests one wins; the others change nothing. Returns the welcome's batch id, or
 * null where none was planned.
 */
export async function confirmConsent(
  db: Db,
  confirm: {
    readonly consentId: number;
    readonly growth: number;
    readonly confirmationId: string;
    readonly slot: { readonly weekday: number; readonly hour: number; readonly timeZone: string };
    readonly nextDueAt: number;
    readonly key: string;
    readonly now: number;
    readonly wallNow: number;
  },
): Promise<number | null> {
  const { consentId, confirmationId, slot, now } = confirm;
  const results = await batch(db, [
    sql`update consents set confirmed_at = ${now}, confirmation_id = ${confirmationId}
      where id = ${consentId} and confirmed_at is null and denied_at is null and ${grownTo(confirm.growth)}
        and exists (select 1 from subscribers s where s.id = consents.subscriber_id and s.state <> 'erased')
        and not exists (
        select 1 from consents n where n.subscriber_id = consents.subscriber_id
          and n.sequence_id = consents.sequence_id and n.confirmed_at >= consents.requested_at)
        and not exists (select 1 from subscribers s join suppressions x on x.address_hash = s.address_hash
          where s.id = consents.subscriber_id and ${inForce(now)} and x.reason in ${FORBIDDING})`,
    sql`
      update suppressions as x set lifted_at = ${now}, note = 'confirmed'
      from consents c join subscribers s on s.id = c.subscriber_id
      where c.id = ${consentId} and c.confirmation_id = ${confirmationId} and x.address_hash = s.address_hash
        and ${inForce(now)}`,
    sql`
      update subscribers set state = 'active', confirmed_at = ${now}, unsubscribed_at = null,
        revision = revision + 1, first_consent_id = coalesce(first_consent_id, c.id),
        first_name = case when c.first_name = '' then subscribers.first_name else c.first_name end
      from consents c where c.id = ${consentId} and c.confirmation_id = ${confirmationId}
        and subscribers.id = c.subscriber_id`,
    sql`
      insert into enrollments (subscriber_id, sequence_id, state, weekday, hour, time_zone, next_due_at, enrolled_at)
      select subscriber_id, sequence_id, 'active', ${slot.weekday}, ${slot.hour}, ${slot.timeZone},
        ${confirm.nextDueAt}, ${now}
      from consents where id = ${consentId} and confirmation_id = ${confirmationId}
      on conflict (subscriber_id, sequence_id) do update set state = 'active', next_due_at = excluded.next_due_at,
          returned_at = excluded.enrolled_at
        where enrollments.state = 'stopped'`,
    ...planWelcome({ consentId, confirmationId }, { key: confirm.key, now, wallNow: confirm.wallNow }),
  ]);
  const [made] = results[7] as { id: number }[];
  return made?.id ?? null;
}
