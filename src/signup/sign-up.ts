import type { DeliveryDeps } from "../delivery/deps.ts";
import { isDisarmed, noteGrowth, wasDisarmedLately } from "../delivery/is-disarmed.ts";
import { addressHash } from "../subscribers/address-hash.ts";
import { type ConsentRequest, requestConsent } from "./queries.ts";

/** At most one confirmation mail an address in 24 hours, and three in 30 days, whatever the reason (rule 3.16). */
const DAY_MS = 24 * 3_600_000;
const CONFIRMATIONS_A_MONTH = 3;

/**
 * Takes a sign-up. Whatever the state of the address, the same statements run and nothing is answered: only somebody
 * who is not in the sequence, and was not sent too many confirmations lately, gets one. Never changes a subscriber's
 * state, name or slot. Returns the batch to put on the confirmations lane, or null; `no_sequence` where there is nothing
 * to sign up for (yet), `closed` while the database is being recovered.
 */
export async function signUp(
  deps: Pick<DeliveryDeps, "db" | "config" | "guard" | "now" | "wallNow" | "random">,
  request: ConsentRequest,
): Promise<
  | { readonly kind: "taken"; readonly batchId: number | null }
  | { readonly kind: "no_sequence" }
  | { readonly kind: "closed" }
> {
  const lately = await wasDisarmedLately(deps);
  if (lately.disarmed) return { kind: "closed" };
  const result = await take(deps, request, lately.growth);
  if (result.kind !== "outdated") return result;
  // The database is from before the last look at it: it was restored in these seconds.
  const fresh = await isDisarmed(deps);
  const again = fresh.disarmed ? ({ kind: "outdated" } as const) : await take(deps, request, fresh.growth);
  return again.kind === "outdated" ? { kind: "closed" } : again;
}

async function take(
  deps: Pick<DeliveryDeps, "db" | "config" | "now" | "wallNow" | "random">,
  request: ConsentRequest,
  growth: number,
): Promise<
  | { readonly kind: "taken"; readonly batchId: number | null }
  | { readonly kind: "no_sequence" }
  | { readonly kind: "outdated" }
> {
  const {
    sequenceExists,
    growth: grownTo,
    batchId,
  } = await requestConsent(deps.db, {
    ...request,
    growth,
    addressHash: await addressHash(deps.config, request.address.key),
    requestId: deps.random(),
    key: deps.random(),
    now: deps.now,
    wallNow: deps.wallNow(),
    notSince: deps.now - DAY_MS,
    fewerThan: { count: CONFIRMATIONS_A_MONTH, since: deps.now - 30 * DAY_MS },
  });
  if (grownTo < growth) return { kind: "outdated" };
  noteGrowth(deps, grownTo);
  return sequenceExists ? { kind: "taken", batchId } : { kind: "no_sequence" };
}
