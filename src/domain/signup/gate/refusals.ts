import { DAY_MS } from "../../../platform/calendar/durations.ts";
import type { Db } from "../../../platform/db/client.ts";
import { refusals } from "../../../platform/db/schema/index.ts";
import { type RefusalReason, writeRefusals } from "./queries.ts";

const WRITE_MAX_MS = 10_000;

/** Why a sign-up was refused, at the gate or behind it. */
export const REFUSAL_REASONS = refusals.reason.enumValues;

/** Why a post was refused at the gate, before anything of it was read from or written to the ledger. */
export type GateReason = Extract<
  RefusalReason,
  | "rate"
  | "unknown_key"
  | "foreign_origin"
  | "frozen"
  | "honeypot"
  | "stamp_forged"
  | "stamp_old"
  | "challenge_failed"
  | "faulty"
  | "network_budget"
  | "stamp_used_up"
>;

/**
 * Counts refusals at the gate. One write is under way at a time: what is refused meanwhile is added up and written next, so that
 * a flood of refusals costs a trickle of writes. What an isolate has not written when it ends is lost.
 */
export class RefusalCounter {
  private readonly counts = new Map<string, number>();
  private busyUntil = 0;

  /** Counts one. Resolves at once where another request writes already, which then writes this one too. */
  async count(
    db: Db,
    refusal: { readonly now: number; readonly partnerId: number | null; readonly reason: GateReason },
    wallNow: number,
  ): Promise<void> {
    const key = JSON.stringify([Math.floor(refusal.now / DAY_MS), refusal.partnerId ?? 0, refusal.reason]);
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
    if (this.busyUntil > wallNow) return;
    // A request that was ended in mid-write is not waited for.
    this.busyUntil = wallNow + WRITE_MAX_MS;
    try {
      await this.writeAll(db);
    } finally {
      this.busyUntil = 0;
    }
  }

  private async writeAll(db: Db): Promise<void> {
    while (this.counts.size > 0) {
      const rows = [...this.counts].map(([key, count]) => {
        const [day, partnerId, reason] = JSON.parse(key) as [number, number, GateReason];
        return { day, partnerId, reason, count };
      });
      this.counts.clear();
      await writeRefusals(db, rows);
    }
  }
}
