import { DAY_MS } from "../../platform/calendar/durations.ts";
import type { Config } from "../../platform/config.ts";
import { addressHash, nameHash, networkHash } from "../people/address-hash.ts";
import { isDisarmed, noteGrowth, wasDisarmedLately } from "../restore/is-disarmed.ts";
import type { Services } from "../services.ts";
import { type BudgetReason, budgetsFor, liftedByChallenge, SPEAKS_OF } from "./gate/budgets.ts";
import { domainHash } from "./gate/domain-hash.ts";
import { foldedAddress } from "./gate/folded-address.ts";
import { isDisposable } from "./gate/mail-domains.ts";
import { wideNetworkOf } from "./gate/network.ts";
import { SpentBudgets } from "./gate/spent-budgets.ts";
import { judgePost, type Outcome, type Passed, type Post } from "./judge-post.ts";
import { type RequestOutcome, requestConsent, type SignUp } from "./queries/request-consent.ts";

const spent = new SpentBudgets();

type Deps = Pick<Services, "db" | "config" | "guard" | "now" | "wallNow" | "random" | "wait">;

/**
 * A sign-up: a post, brought through the gate, or what has passed already (a person renews an expired link). Whatever the state of
 * the address, the same statements run in one round trip and nothing is answered: only someone who is not in the sequence, while
 * every budget lasts, gets a confirmation. Never changes a subscriber's state, name or slot.
 */
export async function signUp(deps: Deps, asked: Post | Passed): Promise<Outcome> {
  const judged = "request" in asked ? asked : await judgePost(deps, asked);
  if (judged.kind !== "passed") return judged;
  const { request, base, challenge, afresh } = judged;
  const { config, now } = deps;
  const { address, limits } = request;
  // The second look is for a database that is from before the first one: it was restored in these seconds.
  for (const look of [wasDisarmedLately, isDisarmed]) {
    const { disarmed, growth } = await look(deps);
    if (disarmed) break;
    const uses = await usesOf(config, request);
    const budgets = budgetsFor(uses, limits, config.limits.signUpsPerHour, now);
    const stopped = (reason: BudgetReason, endsAt: number): Outcome | null => {
      const by = SPEAKS_OF[reason];
      if (by === null) return null;
      return by === "page" ? afresh : { ...base, kind: "stopped", by, endsAt };
    };
    const known = spent.firstSpent(budgets, deps.wallNow());
    // The database does not see these, and so does not count them.
    if (known?.reason === "network_budget" || known?.reason === "stamp_used_up") {
      const told = stopped(known.reason, known.endsAt);
      if (told !== null) return { ...told, refusal: known.reason };
    }
    const result = await requestConsent(deps.db, {
      ...request,
      growth,
      ipHash: uses.networkHash,
      disposable: isDisposable(address.domain),
      addressHash: await addressHash(config, address.key),
      foldedHash: uses.foldedHash,
      budgets,
      requestId: deps.random(),
      now,
      daily: { count: limits.mailsPerAddressDay, since: now - DAY_MS },
      monthly: { count: limits.mailsPerAddressMonth, since: now - 30 * DAY_MS },
    });
    if (result.growth < growth) continue;
    noteGrowth(deps, result.growth);
    if (result.outcome === "no_sequence") return { ...base, kind: "no_sequence" };
    spent.note(budgets, result.outcome, deps.wallNow());
    if (challenge !== null && liftedByChallenge(result.outcome)) return challenge;
    const told = isBudget(result.outcome) ? stopped(result.outcome, result.endsAt ?? now) : null;
    return told ?? { ...base, kind: "taken", planned: result.planned };
  }
  return { ...base, kind: "closed" };
}

function isBudget(outcome: RequestOutcome): outcome is BudgetReason {
  return outcome in SPEAKS_OF;
}

/** What the budgets are counted by: never an address or a network itself. */
async function usesOf(config: Config, request: SignUp) {
  const { address, network, stampNonce, stampOnce, partnerId, proven, renewal } = request;
  const wide = network === null ? null : wideNetworkOf(network);
  return {
    stampNonce,
    stampOnce,
    foldedHash: await nameHash(config, "folded", foldedAddress(address)),
    networkHash: network === null ? null : await networkHash(config, network),
    wideNetworkHash: wide === null ? null : await networkHash(config, wide),
    // Others at the domain must not keep away who renews.
    domainHash: renewal ? null : await domainHash(config, address.domain),
    partnerId,
    proven,
  };
}
