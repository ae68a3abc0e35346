import type { Budget } from "./budgets.ts";

/** So long an isolate believes that a budget is used up, without asking the database. */
const BELIEVED_MS = 60_000;
const KEPT_MAX = 10_000;

/**
 * Budgets of posts that were found used up a moment ago, so that a flood from one network or with one stamp does not reach the
 * database. Never those of mails: they speak of addresses and partners, and the owner can raise them.
 */
export class SpentBudgets {
  private readonly until = new Map<string, number>();

  /** The budget that is known to be used up, or null. */
  firstSpent(budgets: readonly Budget[], wallNow: number): Budget | null {
    return (
      budgets.find(({ bucket, endsAt }) => (this.until.get(`${bucket} ${endsAt}`) ?? 0) > wallNow) ?? null
    );
  }

  /** Notes that the database found the budget of this reason used up. */
  note(budgets: readonly Budget[], reason: string, wallNow: number): void {
    if (this.until.size >= KEPT_MAX) this.until.clear();
    for (const { bucket, endsAt, counts, reason: own } of budgets) {
      if (counts === "posts" && own === reason) this.until.set(`${bucket} ${endsAt}`, wallNow + BELIEVED_MS);
    }
  }
}
