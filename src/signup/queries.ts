import { sql } from "drizzle-orm";
import { batch } from "../db/batch.ts";
import type { Db } from "../db/client.ts";
import { grownTo, growthColumn } from "../db/read-marks.ts";
import { wordings } from "../db/schema/index.ts";
import { planConfirmation, planWelcome } from "../delivery/queries/personal.ts";
import type { Address } from "../subscribers/address.ts";
import { inForce } from "../subscribers/queries.ts";
import { BOUNCE_COOLING_MS } from "../subscribers/suppression.ts";
import { WORDING } from "./wording.ts";

/** A sign-up, parsed. `page` is the path of the form. */
export type ConsentRequest = {
  readonly address: Address;
  readonly firstName: string;
  readonly timeZone: string;
  readonly sequenceSlug: string;
  readonly page: string;
};

/**
 * In one batch: the subscriber (if new), the consent and its confirmation mail. The consent is made only where none was
 * requested since `notSince`, few enough were lately, the person is not in the sequence, and nobody complained from the
 * address; after a hard bounce one is made once the cooling time is over. Without it no mail. Returns the mail's batch id, or null, and whether the sequence exists. Two requests at once make one consent.
 */
export async function requestConsent(
  db: Db,
  request: ConsentRequest & {
    readonly addressHash: string;
    readonly growth: number;
    readonly requestId: string;
    readonly key: string;
    readonly now: number;
    readonly wallNow: number;
    readonly notSince: number;
    readonly fewerThan: { readonly count: number; readonly since: number };
  },
): Promise<{
  readonly sequenceExists: boolean;
  /** How far the database has grown; where that is less than `growth` it was restored, and nothing was written. */
  readonly growth: number;
  readonly batchId: number | null;
}> {
  const { address, now, requestId } = request;
  const results = await batch(db, [
    db
      .insert(wordings)
      .values({ version: WORDING.version, text: WORDING.text, firstUsedAt: now })
      .onConflictDoNothing(),
    sql`
      insert into subscribers (address, address_key, address_hash, created_at)
      select ${address.address}, ${address.key}, ${request.addressHash}, ${now} where ${grownTo(request.growth)}
      on conflict do nothing`,
    sql`
      insert into consents (subscriber_id, sequence_id, wording_version, locale, page, first_name, time_zone, request_id,
        requested_at)
      select s.id, q.id, ${WORDING.version}, ${WORDING.locale}, ${request.page}, ${request.firstName},
        ${request.timeZone}, ${requestId}, ${now}
      from subscribers s join sequences q on q.slug = ${request.sequenceSlug}
      where s.address_key = ${address.key} and ${grownTo(request.growth)}
        and not exists (select 1 from consents c where c.subscriber_id = s.id and c.requested_at > ${request.notSince})
        and (select count(*) from consents c where c.subscriber_id = s.id
          and c.requested_at > ${request.fewerThan.since}) < ${request.fewerThan.count}
        and not exists (select 1 from enrollments e where e.subscriber_id = s.id and e.sequence_id = q.id
          and e.state <> 'stopped')
        and not exists (select 1 from suppressions x where x.address_hash = ${request.addressHash}
          and ${inForce(now)} and (x.reason in ('complaint', 'owner')
            or x.reason = 'bounce' and (x.at > ${now - BOUNCE_COOLING_MS} or exists (
              select 1 from consents c where c.subscriber_id = s.id
                and c.requested_at >= x.at + ${BOUNCE_COOLING_MS}))))`,
    ...planConfirmation(requestId, { key: request.key, now, wallNow: request.wallNow }),
    sql`select ${growthColumn} as growth, exists (
      select 1 from sequences where slug = ${request.sequenceSlug}) as known`,
  ]);
  const [made] = results[6] as { id: number }[];
  const [state] = results[7] as { growth: number; known: 0 | 1 }[];
  return { sequenceExists: state?.known === 1, growth: state?.growth ?? 0, batchId: made?.id ?? null };
}

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
  readonly timeZone: string;
  readonly page: string;
  readonly sequenceSlug: string;
  readonly sequenceTitle: string;
  readonly enrollment: {
    readonly state: "active" | "paused" | "stopped" | "completed";
    readonly weekday: number;
    readonly hour: number;
    readonly timeZone: string;
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
    readonly nextDueAt: number | null;
    readonly lastSlotAt: number | null;
  };
  const row = await db.get<Row>(sql`
    select c.id as consentId, s.id as subscriberId, s.address as address, c.first_name as firstName,
      c.requested_at as requestedAt,
      (select max(n.confirmed_at) from consents n where n.subscriber_id = c.subscriber_id
        and n.sequence_id = c.sequence_id and n.confirmed_at >= c.requested_at) as confirmedAt, c.time_zone as timeZone, c.page as page,
      q.slug as sequenceSlug, q.title as sequenceTitle, e.state as state, e.weekday as weekday, e.hour as hour,
      e.time_zone as slotZone, e.next_due_at as nextDueAt,
      (select max(slot_at) from deliveries d where d.kind = 'theme' and d.owner = e.id and d.item is not null) as lastSlotAt
    from consents c join subscribers s on s.id = c.subscriber_id join sequences q on q.id = c.sequence_id
      left join enrollments e on e.subscriber_id = s.id and e.sequence_id = q.id
    where c.id = ${consentId}`);
  if (row === undefined) return null;
  const { state, weekday, hour, slotZone, nextDueAt, lastSlotAt, ...consent } = row;
  const enrollment =
    state === null ? null : { state, weekday, hour, timeZone: slotZone, nextDueAt, lastSlotAt };
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
      where id = ${consentId} and confirmed_at is null and ${grownTo(confirm.growth)} and not exists (
        select 1 from consents n where n.subscriber_id = consents.subscriber_id
          and n.sequence_id = consents.sequence_id and n.confirmed_at >= consents.requested_at)
        and not exists (select 1 from subscribers s join suppressions x on x.address_hash = s.address_hash
          where s.id = consents.subscriber_id and ${inForce(now)} and x.reason in ('complaint', 'owner'))`,
    sql`
      update suppressions as x set lifted_at = ${now}, note = 'confirmed'
      from consents c join subscribers s on s.id = c.subscriber_id
      where c.id = ${consentId} and c.confirmation_id = ${confirmationId} and x.address_hash = s.address_hash
        and ${inForce(now)}`,
    sql`
      update subscribers set state = 'active', confirmed_at = ${now}, unsubscribed_at = null,
        first_name = case when c.first_name = '' then subscribers.first_name else c.first_name end
      from consents c where c.id = ${consentId} and c.confirmation_id = ${confirmationId}
        and subscribers.id = c.subscriber_id`,
    sql`
      insert into enrollments (subscriber_id, sequence_id, state, weekday, hour, time_zone, next_due_at, enrolled_at)
      select subscriber_id, sequence_id, 'active', ${slot.weekday}, ${slot.hour}, ${slot.timeZone},
        ${confirm.nextDueAt}, ${now}
      from consents where id = ${consentId} and confirmation_id = ${confirmationId}
      on conflict (subscriber_id, sequence_id) do update set state = 'active', next_due_at = excluded.next_due_at
        where enrollments.state = 'stopped'`,
    ...planWelcome({ consentId, confirmationId }, { key: confirm.key, now, wallNow: confirm.wallNow }),
  ]);
  const [made] = results[7] as { id: number }[];
  return made?.id ?? null;
}
