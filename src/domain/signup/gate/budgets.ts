import { DAY_MS, HOUR_MS } from "../../../platform/calendar/durations.ts";
import type { Limits } from "../partners/limits.ts";

const MONTH_MS = 30 * DAY_MS;

/**
 * A use of the service that has a budget. `posts` are counted whatever comes of them; `passed` where no budget of another kind
 * was over, whatever the state of the address, because it shows when these are over; `mails` where a confirmation was planned;
 * `denials` where somebody said that it was not them (signup/deny.ts).
 */
export type Budget = {
  readonly bucket: string;
  readonly endsAt: number;
  readonly max: number;
  readonly counts: "posts" | "passed" | "mails" | "denials";
  /** Under this name a refusal is counted. */
  readonly reason: BudgetReason;
};

export type BudgetReason =
  | "stamp_used_up"
  | "denied_before"
  | "network_budget"
  | "domain_budget"
  | "partner_budget"
  | "partner_breaker"
  | "service_breaker";

/** Who uses the service in one sign-up; hashes, not the things themselves. */
export type Uses = {
  readonly stampNonce: string | null;
  readonly foldedHash: string;
  readonly networkHash: string | null;
  /** Of the /48 around an IPv6 network. */
  readonly wideNetworkHash: string | null;
  /** Null for the domains of large providers, which have no budget of their own. */
  readonly domainHash: string | null;
  readonly partnerId: number | null;
  /** Whether a person was proven by a challenge: breakers, and a daily limit that nobody set, let them through. */
  readonly proven: boolean;
  /** Whether the owner set the partner's daily limit. */
  readonly dailyLimitSet: boolean;
};

/** Reasons that a challenge would lift. */
const LIFTED_BY_CHALLENGE: ReadonlySet<string> = new Set(["partner_breaker", "service_breaker"]);

/** Whether a proven person would be let through where a sign-up was refused for `reason`. */
export function liftedByChallenge(reason: string, uses: Pick<Uses, "dailyLimitSet">): boolean {
  return LIFTED_BY_CHALLENGE.has(reason) || (reason === "partner_budget" && !uses.dailyLimitSet);
}

/** The budgets that one sign-up draws on at `now`, the first named first in a refusal. */
export function budgetsFor(uses: Uses, limits: Limits, signUpsPerHour: number, now: number): Budget[] {
  const hour = endOf(now, HOUR_MS);
  const day = endOf(now, DAY_MS);
  const budgets: Budget[] = [];
  const add = (
    counts: Budget["counts"],
    reason: BudgetReason,
    of: string | number | null,
    windows: ReadonlyArray<readonly [kind: string, endsAt: number, max: number]>,
  ) => {
    if (of === null) return;
    for (const [kind, endsAt, max] of windows) {
      budgets.push({ bucket: `${kind} ${of}`, endsAt, max, counts, reason });
    }
  };
  add("posts", "network_budget", uses.networkHash, [
    ["network", hour, limits.postsPerNetworkHour],
    ["network-day", day, limits.postsPerNetworkDay],
  ]);
  add("posts", "network_budget", uses.wideNetworkHash, [
    ["wide", hour, limits.postsPerWideNetworkHour],
    ["wide-day", day, limits.postsPerWideNetworkDay],
  ]);
  add("posts", "stamp_used_up", uses.stampNonce, [["stamp", day + DAY_MS, limits.postsPerStamp]]);
  add("mails", "domain_budget", uses.domainHash, [
    ["domain", hour, limits.mailsPerDomainHour],
    ["domain-day", day, limits.mailsPerDomainDay],
  ]);
  add("denials", "denied_before", uses.foldedHash, [["denied-address", endOf(now, MONTH_MS), 0]]);
  add("denials", "denied_before", uses.networkHash, [["denied-network", day, limits.denialsPerNetworkDay]]);
  const { partnerId, proven } = uses;
  const lifted = (reason: BudgetReason) => proven && liftedByChallenge(reason, uses);
  if (!lifted("partner_budget")) {
    const counts = uses.dailyLimitSet ? "mails" : "passed";
    add(counts, "partner_budget", partnerId, [["partner-day", day, limits.mailsPerPartnerDay]]);
  }
  if (!proven) {
    add("passed", "partner_breaker", partnerId, [["partner", hour, limits.mailsPerPartnerHour]]);
    add("denials", "partner_breaker", partnerId, [["denied-partner", day, limits.denialsPerPartnerDay]]);
    add("passed", "service_breaker", "all", [["service", hour, signUpsPerHour]]);
  }
  return budgets;
}

/** The windows in which a denial at `now` counts. For an address the next one too, so that it holds for a month at least. */
export function denialWindows(now: number) {
  const month = endOf(now, MONTH_MS);
  return [
    { kind: "denied-address", of: "address", endsAt: month },
    { kind: "denied-address", of: "address", endsAt: month + MONTH_MS },
    { kind: "denied-network", of: "network", endsAt: endOf(now, DAY_MS) },
    { kind: "denied-partner", of: "partner", endsAt: endOf(now, DAY_MS) },
  ] as const;
}

function endOf(now: number, lengthMs: number): number {
  return (Math.floor(now / lengthMs) + 1) * lengthMs;
}
