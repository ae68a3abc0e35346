import { type SQL, sql } from "drizzle-orm";
import { batch } from "../db/batch.ts";
import type { Db } from "../db/client.ts";
import { grownTo, growthColumn } from "../db/read-marks.ts";
import { raiseAlertWhere } from "../delivery/queries/alerts.ts";
import { planConfirmation, planWelcome } from "../delivery/queries/personal.ts";
import { FORBIDDING, inForce } from "../subscribers/queries.ts";
import { BOUNCE_COOLING_MS } from "../subscribers/suppression.ts";
import type { Budget, BudgetReason } from "./gate/budgets.ts";
import { countRefusal, countUses, firstOver } from "./gate/queries.ts";
import type { SignUp } from "./sign-up.ts";

/** What `requestConsent` decided: `taken`, the budget that was over, or what of the address stood against it. */
export type RequestOutcome =
  | "taken"
  | BudgetReason
  | "no_sequence"
  | "in_sequence"
  | "suppressed"
  | "address_budget";

type Confirmations = { readonly count: number; readonly since: number };

/**
 * In one batch: what was used of the budgets, the subscriber (if new), the consent and its confirmation mail, or the refusal.
 * The consent is made only where every budget lasts, few enough were made lately for the address (folded), the person is not
 * in the sequence, and nobody complained from the address; after a hard bounce one is made once the cooling time is over.
 * Without it there is no mail and no new subscriber. The same statements run for every address. Returns the mail's batch id,
 * or null. Two requests at once make one consent.
 */
export async function requestConsent(
  db: Db,
  request: SignUp & {
    readonly addressHash: string;
    readonly foldedHash: string;
    readonly ipHash: string | null;
    readonly disposable: boolean;
    readonly budgets: readonly Budget[];
    readonly growth: number;
    readonly requestId: string;
    readonly key: string;
    readonly now: number;
    readonly wallNow: number;
    readonly daily: Confirmations;
    readonly monthly: Confirmations;
  },
): Promise<{
  readonly outcome: RequestOutcome;
  /** How far the database has grown; where that is less than `growth` it was restored, and nothing was written. */
  readonly growth: number;
  readonly batchId: number | null;
}> {
  const { address, now, requestId, wording, budgets } = request;
  const others = budgets.filter(({ counts }) => counts !== "passed");
  const current = grownTo(request.growth);
  const open = sql`${current} and ${firstOver(budgets)} is null`;
  const inSequence = sql`exists (select 1 from enrollments e where e.subscriber_id = s.id and e.sequence_id = q.id
    and e.state <> 'stopped')`;
  const suppressedUnless = (askedSince: SQL) => sql`exists (
    select 1 from suppressions x where x.address_hash = ${request.addressHash} and ${inForce(now)}
      and (x.reason in ${FORBIDDING}
        or x.reason = 'bounce' and (x.at > ${now - BOUNCE_COOLING_MS} or ${askedSince})))`;
  // After a hard bounce one more confirmation is tried when the cooling time is over.
  const suppressed = suppressedUnless(sql`exists (select 1 from consents c where c.subscriber_id = s.id
    and c.requested_at >= x.at + ${BOUNCE_COOLING_MS})`);
  const fewFolded = ({ count, since }: Confirmations) => sql`
    (select count(*) from consents c where c.folded_hash = ${request.foldedHash} and c.requested_at > ${since}) < ${count}`;
  const few = (confirmations: Confirmations) => sql`
    (select count(*) from consents c where c.subscriber_id = s.id and c.requested_at > ${confirmations.since})
      < ${confirmations.count} and ${fewFolded(confirmations)}`;
  const made = sql`exists (select 1 from consents where request_id = ${requestId})`;
  const outcome = sql`(select case when ${made} then 'taken' else coalesce(${firstOver(budgets)}, (
    select case when ${inSequence} then 'in_sequence' when ${suppressed} then 'suppressed' else 'address_budget' end
      from sequences q left join subscribers s on s.address_key = ${address.key}
      where q.slug = ${request.sequenceSlug}), 'no_sequence') end)`;
  const results = await batch(db, [
    sql`
      insert into wordings (version, text, hash, locale, first_used_at)
      select ${wording.version}, ${wording.text ?? ""}, ${wording.hash ?? ""}, ${wording.locale}, ${now}
      where ${wording.text === undefined ? 0 : 1} and ${current}
      on conflict (version) do update set hash = excluded.hash, locale = excluded.locale where wordings.hash is null`,
    countUses(budgets, "posts", current),
    countUses(budgets, "passed", sql`${current} and ${firstOver(others)} is null`),
    sql`
      insert into subscribers (address, address_key, address_hash, created_at)
      select ${address.address}, ${address.key}, ${request.addressHash}, ${now}
      from sequences q where q.slug = ${request.sequenceSlug} and ${open} and ${fewFolded(request.daily)}
        and ${fewFolded(request.monthly)} and not ${suppressedUnless(sql`false`)}
      on conflict do nothing`,
    sql`
      insert into consents (subscriber_id, sequence_id, wording_version, locale, page, first_name, time_zone, request_id,
        requested_at, partner_id, form_key, origin, folded_hash, ip_hash, disposable)
      select s.id, q.id, ${wording.version}, ${wording.locale}, ${request.page}, ${request.firstName}, ${request.timeZone},
        ${requestId}, ${now}, ${request.partnerId}, ${request.formKey}, ${request.origin}, ${request.foldedHash},
        ${request.ipHash}, ${request.disposable ? 1 : 0}
      from subscribers s join sequences q on q.slug = ${request.sequenceSlug}
      where s.address_key = ${address.key} and ${open} and ${few(request.daily)} and ${few(request.monthly)}
        and not ${inSequence} and not ${suppressed}`,
    ...planConfirmation(requestId, { key: request.key, now, wallNow: request.wallNow }),
    countUses(budgets, "mails", made),
    countRefusal(
      { now, partnerId: request.partnerId, reason: outcome, count: 1 },
      sql`${current} and not ${made}`,
    ),
    raiseAlertWhere(
      sql`not ${made} and ${outcome} in ('partner_budget', 'partner_breaker', 'service_breaker')`,
      {
        // One alert a partner: another partner's must not hide it.
        name: sql`'sign_ups.' || ${outcome} || case when ${outcome} = 'service_breaker' then '' else ${`.${request.partnerId}`} end`,
        detail: request.partnerId === null ? "own page" : `partner ${request.partnerId}`,
        now,
      },
    ),
    sql`select ${growthColumn} as growth, ${outcome} as outcome`,
  ]);
  const [batchRow] = results[8] as { id: number }[];
  const [state] = results.at(-1) as { growth: number; outcome: RequestOutcome }[];
  return {
    outcome: state?.outcome ?? "no_sequence",
    growth: state?.growth ?? 0,
    batchId: batchRow?.id ?? null,
  };
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
      coalesce(c.origin, '') as origin, c.partner_id as partnerId, c.form_key as formKey, c.wording_version as wordingVersion,
      (select text from wordings w where w.version = c.wording_version) as wordingText, c.locale as locale,
      q.slug as sequenceSlug, q.title as sequenceTitle, e.state as state, e.weekday as weekday, e.hour as hour,
      e.time_zone as slotZone, e.every_weeks as everyWeeks, e.next_due_at as nextDueAt,
      (select max(slot_at) from deliveries d where d.kind = 'theme' and d.owner = e.id and d.item is not null) as lastSlotAt
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
