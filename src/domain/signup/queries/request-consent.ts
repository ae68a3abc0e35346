import { type SQL, sql } from "drizzle-orm";
import { batch } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { grownTo, growthColumn } from "../../../platform/db/read-marks.ts";
import { raiseAlertWhere } from "../../../platform/log/queries.ts";
import { planConfirmation } from "../../ledger/queries/personal.ts";
import type { Address } from "../../people/address.ts";
import { FORBIDDING, inForce } from "../../people/queries/opting-out.ts";
import { BOUNCE_COOLING_MS } from "../../people/suppression.ts";
import type { Budget, BudgetReason } from "../gate/budgets.ts";
import { countRefusal, countUses, firstOver } from "../gate/queries.ts";
import type { Limits } from "../partners/limits.ts";
import type { Wording } from "../partners/partner.ts";

/** A sign-up that has passed the door: who, what for, and where it came from. */
export type SignUp = {
  readonly address: Address;
  readonly firstName: string;
  readonly timeZone: string;
  readonly sequenceSlug: string;
  /** Path of the page with the form; empty where the browser did not tell. */
  readonly page: string;
  readonly origin: string;
  readonly partnerId: number | null;
  readonly formKey: string | null;
  /** Without `text` one that is stored already. */
  readonly wording: Pick<Wording, "version" | "locale"> & Partial<Pick<Wording, "text" | "hash">>;
  readonly network: string | null;
  readonly stampNonce: string | null;
  readonly proven: boolean;
  readonly limits: Limits;
  readonly dailyLimitSet: boolean;
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
      on conflict (version) do nothing`,
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
