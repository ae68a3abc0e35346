import { type SQL, sql } from "drizzle-orm";
import { batch } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { grownTo, growthColumn } from "../../../platform/db/read-marks.ts";
import {
  consents,
  enrollments,
  sequences,
  subscribers,
  suppressions,
  wordings,
} from "../../../platform/db/schema/index.ts";
import { insertFrom, onConflict } from "../../../platform/db/write.ts";
import { raiseAlertWhere } from "../../../platform/log/queries.ts";
import type { Language } from "../../../platform/texts/languages.ts";
import type { Told } from "../../../platform/texts/reader-fields.ts";
import { planWaiting } from "../../ledger/queries/plan-delivery.ts";
import type { Address } from "../../people/address.ts";
import { addConsent } from "../../people/queries/consents.ts";
import { addSubscriber } from "../../people/queries/subscribers.ts";
import { FORBIDDING, inForce } from "../../people/queries/suppressions.ts";
import { systemMail } from "../../people/queries/system-mails.ts";
import { BOUNCE_COOLING_MS } from "../../people/suppression.ts";
import { confirmation } from "../confirmation-kind.ts";
import { type Budget, type BudgetReason, SPEAKS_OF } from "../gate/budgets.ts";
import { countRefusal, countUses, firstOver } from "../gate/queries.ts";
import type { Limits } from "../partners/limits.ts";
import type { Wording } from "../partners/partner.ts";

/** A sign-up that has passed the gate: who, what for, and where it came from. */
export type SignUp = {
  readonly address: Address;
  readonly told: Told;
  /** To the sequence's question; empty for none. */
  readonly answer: string;
  /** Of the form: what follows is written in it. */
  readonly language: Language;
  readonly timeZone: string;
  readonly sequenceSlug: string;
  /** Path of the page with the form; empty where the browser did not tell. */
  readonly page: string;
  readonly origin: string;
  readonly partnerId: number | null;
  readonly formKey: string | null;
  /** Without `text` one that is stored already. */
  readonly wording: Pick<Wording, "version" | "locale"> & Partial<Pick<Wording, "text" | "hash" | "covers">>;
  readonly network: string | null;
  readonly stampNonce: string | null;
  readonly stampOnce: boolean;
  readonly proven: boolean;
  /** Whether a person renews the link of an earlier one: they read that mailbox, so others' sign-ups don't stand in their way. */
  readonly renewal: boolean;
  readonly limits: Limits;
  /** Of the confirmation, where it isn't the usual one. */
  readonly renditionId?: number;
};

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
 * Without it there is no mail and no new subscriber. The same statements run for every address. Two requests at once make one consent.
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
    readonly now: number;
    readonly daily: Confirmations;
    readonly monthly: Confirmations;
  },
): Promise<{
  readonly outcome: RequestOutcome;
  /** How far the database has grown; where that is less than `growth` it was restored, and nothing was written. */
  readonly growth: number;
  /** When the window of the budget ends that was over; null where none was. */
  readonly endsAt: number | null;
  /** Whether a confirmation waits to be sent. */
  readonly planned: boolean;
}> {
  const { address, now, requestId, wording, budgets } = request;
  const told = budgets.filter(({ reason }) => SPEAKS_OF[reason] !== null);
  const current = grownTo(request.growth);
  const open = sql`${current} and ${firstOver(budgets)} is null`;
  const isTheirs = sql`${sequences.slug} = ${request.sequenceSlug} and ${sequences.archivedAt} is null`;
  // A consent to broadcasts alone asked for no mail.
  const ofPerson = sql`${consents.subscriberId} = ${subscribers.id} and ${consents.sequenceId} is not null`;
  const inSequence = sql`exists (select 1 from ${enrollments} where ${enrollments.subscriberId} = ${subscribers.id}
    and ${enrollments.sequenceId} = ${sequences.id} and ${enrollments.state} <> 'stopped')`;
  const suppressedUnless = (askedSince: SQL) => sql`exists (
    select 1 from ${suppressions} where ${suppressions.addressHash} = ${request.addressHash} and ${inForce(now)}
      and (${suppressions.reason} in ${FORBIDDING}
        or ${suppressions.reason} = 'bounce' and (${suppressions.at} > ${now - BOUNCE_COOLING_MS} or ${askedSince})))`;
  // After a hard bounce one more confirmation is tried when the cooling time is over.
  const suppressed = suppressedUnless(sql`exists (select 1 from ${consents} where ${ofPerson}
    and ${consents.requestedAt} >= ${suppressions.at} + ${BOUNCE_COOLING_MS})`);
  const fewFolded = ({ count, since }: Confirmations) => sql`
    (select count(*) from ${consents} where ${consents.foldedHash} = ${request.foldedHash}
      and ${consents.requestedAt} > ${since} and not ${consents.renewal}) < ${count}`;
  const asked = ({ since }: Confirmations) => sql`
    (select count(*) from ${consents} where ${ofPerson} and ${consents.requestedAt} > ${since} and not ${consents.renewal})`;
  const renewed = sql`
    (select count(*) from ${consents} where ${ofPerson} and ${consents.requestedAt} > ${request.daily.since} and ${consents.renewal})`;
  // A renewal counts among its like, one a day, and not among the others.
  const few = request.renewal
    ? sql`${renewed} < 1`
    : sql`${asked(request.daily)} < ${request.daily.count} and ${asked(request.monthly)} < ${request.monthly.count}
        and ${fewFolded(request.daily)} and ${fewFolded(request.monthly)}`;
  const made = sql`exists (select 1 from ${consents} where ${consents.requestId} = ${requestId})`;
  const outcome = sql`(select case when ${made} then 'taken' else coalesce(${firstOver(budgets)}, (
    select case when ${inSequence} then 'in_sequence' when ${suppressed} then 'suppressed' else 'address_budget' end
      from ${sequences} left join ${subscribers} on ${subscribers.addressKey} = ${address.key}
      where ${isTheirs}), 'no_sequence') end)`;
  const { mail, state } = await batch(db, {
    wording: insertFrom(
      wordings,
      {
        version: wording.version,
        text: wording.text ?? "",
        hash: wording.hash ?? "",
        locale: wording.locale,
        covers: wording.covers ?? ["sequence"],
        firstUsedAt: now,
      },
      sql`where ${wording.text === undefined ? 0 : 1} and ${current} ${onConflict(wordings, ["version"])}`,
    ),
    posts: countUses(budgets, "posts", current),
    subscriber: addSubscriber(
      request,
      sql`from ${sequences} where ${isTheirs} and ${open} and ${fewFolded(request.daily)}
        and ${fewFolded(request.monthly)} and not ${suppressedUnless(sql`false`)}`,
    ),
    consent: addConsent(
      {
        subscriberId: subscribers.id,
        sequenceId: sequences.id,
        wordingVersion: wording.version,
        locale: wording.locale,
        page: request.page,
        ...request.told,
        answer: request.answer,
        language: request.language,
        timeZone: request.timeZone,
        requestId,
        requestedAt: now,
        partnerId: request.partnerId,
        formKey: request.formKey,
        origin: request.origin,
        foldedHash: request.foldedHash,
        renewal: request.renewal,
        ipHash: request.ipHash,
        disposable: request.disposable,
      },
      sql`from ${subscribers} join ${sequences} on ${isTheirs}
        where ${subscribers.addressKey} = ${address.key} and ${open} and ${few}
          and not ${inSequence} and not ${suppressed}`,
    ),
    mail: planConfirmation(requestId, request.renditionId ?? null, now),
    refused: countRefusal(
      { now, partnerId: request.partnerId, reason: outcome, count: 1 },
      sql`${current} and not ${made}`,
    ),
    alerted: raiseAlertWhere(
      sql`not ${made} and ${outcome} in ('partner_budget', 'partner_breaker', 'service_breaker')`,
      {
        // One alert a partner: another partner's must not hide it.
        name: sql`'sign_ups.' || ${outcome} || case when ${outcome} = 'service_breaker' then '' else ${`.${request.partnerId}`} end`,
        detail: request.partnerId === null ? "own page" : `partner ${request.partnerId}`,
        now,
      },
    ),
    state: db
      .select({
        growth: sql<number>`${growthColumn}`.as("growth"),
        outcome: sql<RequestOutcome>`${outcome}`.as("outcome"),
        endsAt: sql<number | null>`${firstOver(budgets, "endsAt")}`.as("ends_at"),
      })
      .from(sql`(select 1)`),
    // Behind all that asks whether a budget lasts.
    passed: countUses(budgets, "passed", sql`${current} and ${firstOver(told)} is null`),
    mails: countUses(budgets, "mails", made),
  });
  return {
    outcome: state[0]?.outcome ?? "no_sequence",
    growth: state[0]?.growth ?? 0,
    endsAt: state[0]?.endsAt ?? null,
    planned: mail.length > 0,
  };
}

/** Statement: plans the confirmation of the consent made by request `requestId`, if that request made one. */
function planConfirmation(requestId: string, renditionId: number | null, now: number) {
  return planWaiting(
    confirmation,
    {
      anchor: consents.id,
      round: 0,
      item: 0,
      recipientId: consents.subscriberId,
      renditionId:
        renditionId === null
          ? systemMail("confirmation", sequences.id, consents.language)
          : sql<number>`${renditionId}`,
      slotAt: now,
    },
    now,
    sql`from ${consents} join ${sequences} on ${sequences.id} = ${consents.sequenceId}
      where ${consents.requestId} = ${requestId}`,
  );
}
