import { DAY_MS, HOUR_MS } from "../../../platform/calendar/durations.ts";
import type { Limits } from "../partners/limits.ts";

const MONTH_MS = 30 * DAY_MS;

/**
 * A use of the service that has a budget. `posts` are counted whatever comes of them; `passed` where everything that may be told let the
 * post through, whatever the state of the address or its domain, because its end is told; `mails` where a confirmation was planned;
 * `reports` are hard bounces and denials of earlier sign-ups (`REPORTED`).
 */
export type Budget = {
  readonly bucket: string;
  readonly endsAt: number;
  readonly max: number;
  /**
   * Beyond `max`, as many are let through as this share of the uses of `shareOf` in the window that ends at `shareEndsAt`, up to `upTo`;
   * null where none are.
   */
  readonly shareOf: string | null;
  readonly shareEndsAt: number;
  readonly perCent: number;
  readonly upTo: number;
  readonly counts: "posts" | "passed" | "mails" | "reports";
  /** Under this name a refusal is counted. */
  readonly reason: BudgetReason;
};

export type BudgetReason =
  | "stamp_used_up"
  | "denied_before"
  | "denied_network"
  | "network_budget"
  | "domain_budget"
  | "partner_budget"
  | "partner_breaker"
  | "service_breaker";

/** What is used up, where a visitor may be told; null where that would speak of an address or of its domain. */
export const SPEAKS_OF = {
  network_budget: "network",
  denied_network: "network",
  stamp_used_up: "page",
  partner_budget: "form",
  partner_breaker: "form",
  service_breaker: "service",
  domain_budget: null,
  denied_before: null,
} as const satisfies Readonly<Record<BudgetReason, string | null>>;

/**
 * A burst of people is welcome; what opens a breaker is a burst of sign-ups that nobody wanted: more hard bounces, complaints and denials
 * in a window than `floor` and than this share of its sign-ups. Resend ends accounts at 4 % of bounces
 * (resend.com/legal/acceptable-use); within an hour a few mistyped addresses are a larger share. The two days overlap by half, so that
 * one of them looks back on twelve hours at least.
 */
const BREAKERS = [
  { window: "", lengthMs: HOUR_MS, offsetMs: 0, floor: 10, perCent: 10 },
  { window: "-day", lengthMs: DAY_MS, offsetMs: 0, floor: 30, perCent: 4 },
  { window: "-noon", lengthMs: DAY_MS, offsetMs: DAY_MS / 2, floor: 30, perCent: 4 },
] as const;

/**
 * How much a report counts for: Resend bears 4 % of bounces, but not half a per cent of complaints. A denial counts once for the network
 * that its sign-up came from, so that one attacker's own addresses don't close a form.
 */
export const WEIGHTS = { bounced: 1, complained: 10, denied: 1 } as const;

/** The windows in which what was unwanted counts, by when the person was signed up. */
export const REPORTED = BREAKERS.flatMap(({ window, lengthMs, offsetMs }) =>
  (["partner", "service"] as const).map((of) => ({
    kind: `unwanted-${of}${window}`,
    of,
    lengthMs,
    offsetMs,
  })),
);

/** Who uses the service in one sign-up; hashes, not the things themselves. */
export type Uses = {
  readonly stampNonce: string | null;
  /** Whether the stamp is one of our press page, which gives a fresh one after each post. */
  readonly stampOnce: boolean;
  readonly foldedHash: string;
  readonly networkHash: string | null;
  /** Of the /48 around an IPv6 network. */
  readonly wideNetworkHash: string | null;
  /** Null for the domains of large providers, which have no budget of their own. */
  readonly domainHash: string | null;
  readonly partnerId: number | null;
  /** Whether a person was proven by a challenge: breakers let them through. */
  readonly proven: boolean;
};

/** Whether a proven person would be let through where a sign-up was refused for `reason`. */
export function liftedByChallenge(reason: string): boolean {
  return reason === "partner_breaker" || reason === "service_breaker";
}

/**
 * The budgets that one sign-up draws on at `now`, the first named first in a refusal: those that may be told come first, so that what is
 * told never depends on the address.
 */
export function budgetsFor(uses: Uses, limits: Limits, signUpsPerHour: number, now: number): Budget[] {
  const hour = endOf(now, HOUR_MS);
  const day = endOf(now, DAY_MS);
  const budgets: Budget[] = [];
  const add = (
    counts: Budget["counts"],
    reason: BudgetReason,
    of: string | number | null,
    windows: ReadonlyArray<readonly [kind: string, endsAt: number, max: number | null]>,
  ) => {
    for (const [kind, endsAt, max] of windows) {
      if (of === null || max === null) continue;
      budgets.push({ ...NO_SHARE, bucket: `${kind} ${of}`, endsAt, max, counts, reason });
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
  const { postsPerStamp } = limits;
  add("posts", "stamp_used_up", uses.stampNonce, [
    ["stamp", day + DAY_MS, uses.stampOnce ? 1 : postsPerStamp],
  ]);
  add("reports", "denied_network", uses.networkHash, [["denied-network", day, limits.denialsPerNetworkDay]]);
  const { partnerId } = uses;
  const noon = endOf(now, DAY_MS, DAY_MS / 2);
  add("passed", "partner_budget", partnerId, [
    ["partner-day", day, limits.signUpsPerPartnerDay ?? UNLIMITED],
    ["partner-noon", noon, UNLIMITED],
  ]);
  if (!uses.proven) {
    add("passed", "partner_breaker", partnerId, [
      ["partner", hour, limits.signUpsPerPartnerHour ?? UNLIMITED],
    ]);
    add("passed", "service_breaker", "all", [
      ["service", hour, signUpsPerHour],
      ["service-day", day, UNLIMITED],
      ["service-noon", noon, UNLIMITED],
    ]);
    budgets.push(...breakers(uses.partnerId, now));
  }
  add("reports", "denied_before", uses.foldedHash, [["denied-address", endOf(now, MONTH_MS), 0]]);
  budgets.push(...domainBudgets(uses.domainHash, limits, now));
  return budgets;
}

const NO_SHARE = { shareOf: null, shareEndsAt: 0, perCent: 0, upTo: 0 } as const;

const YEAR_MS = 365 * DAY_MS;

/** A mail bomb's victim doesn't confirm: a domain where nobody has confirmed gets little mail, and each confirmation opens it further. */
function domainBudgets(domainHash: string | null, limits: Limits, now: number): Budget[] {
  if (domainHash === null) return [];
  const windows = [
    ["domain", HOUR_MS, limits.mailsPerDomainHour, limits.mailsPerUnprovenDomainHour],
    ["domain-day", DAY_MS, limits.mailsPerDomainDay, limits.mailsPerUnprovenDomainDay],
  ] as const;
  return windows.map(([kind, lengthMs, upTo, unproven]) => ({
    bucket: `${kind} ${domainHash}`,
    endsAt: endOf(now, lengthMs),
    max: Math.min(unproven, upTo),
    shareOf: confirmedAt(domainHash),
    shareEndsAt: endOf(now, YEAR_MS),
    perCent: 100 * limits.mailsMorePerConfirmed,
    upTo,
    counts: "mails",
    reason: "domain_budget",
  }));
}

function confirmedAt(domainHash: string): string {
  return `confirmed-domain ${domainHash}`;
}

/** The windows in which a confirmation at a domain counts: the next year's too, so that a domain stays known for a year at least. */
export function confirmedWindows(domainHash: string | null, now: number) {
  const endsAt = endOf(now, YEAR_MS);
  const bucket = domainHash === null ? null : confirmedAt(domainHash);
  return bucket === null
    ? []
    : [
        { bucket, endsAt },
        { bucket, endsAt: endsAt + YEAR_MS },
      ];
}

/** Counted all the same: breakers look at a share of it. */
export const UNLIMITED = Number.MAX_SAFE_INTEGER;

function breakers(partnerId: number | null, now: number): Budget[] {
  const whose = [
    { of: "partner", id: partnerId, reason: "partner_breaker" },
    { of: "service", id: "all", reason: "service_breaker" },
  ] as const;
  return whose.flatMap(({ of, id, reason }) =>
    BREAKERS.filter(() => id !== null).map(({ window, lengthMs, offsetMs, floor, perCent }) => ({
      bucket: `unwanted-${of}${window} ${id}`,
      endsAt: endOf(now, lengthMs, offsetMs),
      max: floor,
      shareOf: `${of}${window} ${id}`,
      shareEndsAt: endOf(now, lengthMs, offsetMs),
      perCent,
      upTo: UNLIMITED,
      counts: "reports" as const,
      reason,
    })),
  );
}

/** The windows in which a denial at `now` counts. For an address the next one too, so that it holds for a month at least. */
export function denialWindows(now: number) {
  const month = endOf(now, MONTH_MS);
  return [
    { kind: "denied-address", of: "address", endsAt: month },
    { kind: "denied-address", of: "address", endsAt: month + MONTH_MS },
    { kind: "denied-network", of: "network", endsAt: endOf(now, DAY_MS) },
  ] as const;
}

function endOf(now: number, lengthMs: number, offsetMs = 0): number {
  return (Math.floor((now + offsetMs) / lengthMs) + 1) * lengthMs - offsetMs;
}
