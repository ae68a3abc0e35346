import { DAY_MS } from "../../platform/calendar/durations.ts";
import { addressHash, nameHash, networkHash } from "../people/address-hash.ts";
import { isDisarmed, noteGrowth, wasDisarmedLately } from "../restore/is-disarmed.ts";
import type { Services } from "../services.ts";
import { budgetsFor, liftedByChallenge } from "./gate/budgets.ts";
import { foldedAddress, isDisposable, isLargeProvider } from "./gate/mail-domains.ts";
import { wideNetworkOf } from "./gate/network.ts";
import { SpentBudgets } from "./gate/spent-budgets.ts";
import { requestConsent, type SignUp } from "./queries/request-consent.ts";

const spent = new SpentBudgets();

/**
 * `taken` answers alike whether a mail goes out or not: `planned`: one waits on the confirmations lane. `breaker`
 * is a refusal that a challenge would lift. `no_sequence` where there is nothing to sign up for (yet), `closed` while the
 * database is being recovered.
 */
export type SignUpResult =
  | {
      readonly kind: "taken";
      readonly planned: boolean;
      readonly breaker: boolean;
      /** A refusal that the database did not see and so did not count. */
      readonly uncounted: "network_budget" | "stamp_used_up" | null;
    }
  | { readonly kind: "no_sequence" }
  | { readonly kind: "closed" };

type Deps = Pick<Services, "db" | "config" | "guard" | "now" | "wallNow" | "random">;

/**
 * Takes a sign-up. Whatever the state of the address, the same statements run in one round trip and nothing is answered: only
 * somebody who is not in the sequence, while every budget lasts, gets a confirmation. Never changes a subscriber's state, name
 * or slot.
 */
export async function signUp(deps: Deps, request: SignUp): Promise<SignUpResult> {
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
  deps: Deps,
  request: SignUp,
  growth: number,
): Promise<SignUpResult | { readonly kind: "outdated" }> {
  const { config, now } = deps;
  const { address, limits, network } = request;
  const domain = address.key.slice(address.key.lastIndexOf("@") + 1);
  const ipHash = network === null ? null : await networkHash(config, network);
  const wide = network === null ? null : wideNetworkOf(network);
  const foldedHash = await nameHash(config, "folded", foldedAddress(address.key));
  const uses = {
    stampNonce: request.stampNonce,
    foldedHash,
    networkHash: ipHash,
    wideNetworkHash: wide === null ? null : await networkHash(config, wide),
    dailyLimitSet: request.dailyLimitSet,
    domainHash: isLargeProvider(domain) ? null : await nameHash(config, "domain", domain),
    partnerId: request.partnerId,
    proven: request.proven,
  };
  const budgets = budgetsFor(uses, limits, config.limits.signUpsPerHour, now);
  const known = spent.firstSpent(budgets, deps.wallNow());
  if (known?.reason === "network_budget" || known?.reason === "stamp_used_up") {
    return { kind: "taken", planned: false, breaker: false, uncounted: known.reason };
  }
  const result = await requestConsent(deps.db, {
    ...request,
    growth,
    ipHash,
    disposable: isDisposable(domain),
    addressHash: await addressHash(config, address.key),
    foldedHash,
    budgets,
    requestId: deps.random(),
    now,
    daily: { count: limits.mailsPerAddressDay, since: now - DAY_MS },
    monthly: { count: limits.mailsPerAddressMonth, since: now - 30 * DAY_MS },
  });
  if (result.growth < growth) return { kind: "outdated" };
  noteGrowth(deps, result.growth);
  if (result.outcome === "no_sequence") return { kind: "no_sequence" };
  spent.note(budgets, result.outcome, deps.wallNow());
  const breaker = liftedByChallenge(result.outcome, uses);
  return { kind: "taken", planned: result.planned, breaker, uncounted: null };
}
