import { type Account, accountNow } from "./account.ts";
import { type Answer, errorAnswer } from "./errors.ts";

const WINDOW_MS = 1000;
const DAY_MS = 24 * 3_600_000;

/** Counts a call in its window; headers for every answer, and a refusal where the window is full. */
export function countCall(account: Account): {
  readonly headers: Record<string, string>;
  readonly refusal: Answer | null;
} {
  const { ratePerSecond } = account.settings;
  const now = Date.now();
  if (now >= account.window.startedAt + WINDOW_MS)
    account.window = { startedAt: now - (now % WINDOW_MS), used: 0 };
  account.window.used += 1;
  const resetSeconds = Math.max(1, Math.ceil((account.window.startedAt + WINDOW_MS - now) / 1000));
  const headers = {
    "ratelimit-limit": String(ratePerSecond),
    "ratelimit-remaining": String(Math.max(0, ratePerSecond - account.window.used)),
    "ratelimit-reset": String(resetSeconds),
  };
  if (account.window.used <= ratePerSecond) return { headers, refusal: null };
  account.refusedForRate += 1;
  return {
    headers: { ...headers, "retry-after": String(resetSeconds) },
    refusal: errorAnswer("rate_limit_exceeded"),
  };
}

/** How much of the quotas is used, and when they begin anew: the next UTC midnight, the first of the next month. */
export function quotas(account: Account) {
  const now = accountNow(account);
  const dayStart = Math.floor(now / DAY_MS) * DAY_MS;
  const date = new Date(now);
  const monthStart = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
  const usedSince = (start: number) =>
    account.accepted.filter((message) => Date.parse(message.created_at) >= start).length;
  return {
    daily: { used: usedSince(dayStart), limit: account.settings.dailyQuota, resetsAt: dayStart + DAY_MS },
    monthly: {
      used: usedSince(monthStart),
      limit: account.settings.monthlyQuota,
      resetsAt: Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1),
    },
  };
}

/** The refusal of `count` more messages, or null. */
export function quotaRefusal(account: Account, count: number): Answer | null {
  if (account.settings.dailyQuota === null && account.settings.monthlyQuota === null) return null;
  const { daily, monthly } = quotas(account);
  if (monthly.limit !== null && monthly.used + count > monthly.limit)
    return errorAnswer("monthly_quota_exceeded");
  if (daily.limit !== null && daily.used + count > daily.limit) return errorAnswer("daily_quota_exceeded");
  return null;
}
