import type { Limits } from "../../partners/limits.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A use of the service that has a budget. `posts` count before, `mails` only where a confirmation was planned. */
export type Budget = {
  readonly bucket: string;
  readonly endsAt: number;
  readonly max: number;
  readonly counts: "posts" | "mails";
  /** Under this name a refusal is counted. */
  readonly reason: BudgetReason;
};

export type BudgetReason =
  | "stamp_used_up"
  | "network_budget"
  | "domain_budget"
  | "partner_budget"
  | "partner_breaker"
  | "service_breaker";

/** Who uses the service in one sign-up; hashes, not the things themselves. */
export type Uses = {
  readonly stampNonce: string | null;
  readonly networkHash: string | null;
  /** Null for the domains of large providers, which have no budget of their own. */
  readonly domainHash: string | null;
  readonly partnerId: number | null;
  /** Whether a person was proven by a challenge: the breakers let them through. */
  readonly proven: boolean;
};

/** The budgets that one sign-up draws on at `now`, the first named first in a refusal. */
export function budgetsFor(uses: Uses, limits: Limits, signUpsPerHour: number, now: number): Budget[] {
  const hour = endOf(now, HOUR_MS);
  const day = endOf(now, DAY_MS);
  const { stampNonce, networkHash, domainHash, partnerId, proven } = uses;
  const all: Array<Budget | null> = [
    stampNonce === null
      ? null
      : post(`stamp ${stampNonce}`, day + DAY_MS, limits.postsPerStamp, "stamp_used_up"),
    networkHash === null
      ? null
      : post(`network ${networkHash}`, hour, limits.postsPerNetworkHour, "network_budget"),
    networkHash === null
      ? null
      : post(`network-day ${networkHash}`, day, limits.postsPerNetworkDay, "network_budget"),
    domainHash === null
      ? null
      : mail(`domain ${domainHash}`, hour, limits.mailsPerDomainHour, "domain_budget"),
    partnerId === null
      ? null
      : mail(`partner-day ${partnerId}`, day, limits.mailsPerPartnerDay, "partner_budget"),
    partnerId === null || proven
      ? null
      : mail(`partner ${partnerId}`, hour, limits.mailsPerPartnerHour, "partner_breaker"),
    proven ? null : mail("service", hour, signUpsPerHour, "service_breaker"),
  ];
  return all.filter((budget) => budget !== null);
}

function post(bucket: string, endsAt: number, max: number, reason: BudgetReason): Budget {
  return { bucket, endsAt, max, counts: "posts", reason };
}

function mail(bucket: string, endsAt: number, max: number, reason: BudgetReason): Budget {
  return { bucket, endsAt, max, counts: "mails", reason };
}

function endOf(now: number, lengthMs: number): number {
  return (Math.floor(now / lengthMs) + 1) * lengthMs;
}
