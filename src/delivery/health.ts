import type { Db } from "../db/client.ts";
import { readLateness } from "./queries/sweep.ts";

/** Three cron periods: one tick may be lost, two are a fault. */
const LATE_AFTER_MS = 45 * 60_000;

/** The figures of /healthz; `late` when a due slot was not planned, or a planned letter not sent, in good time. */
export type Health = {
  readonly late: boolean;
  readonly oldestDueSeconds: number;
  readonly oldestPlannedSeconds: number;
  readonly openBatches: number;
};

/** How late the work is at `now`; seconds are 0 when nothing waits. */
export async function readHealth(db: Db, now: number): Promise<Health> {
  const { oldestDueAt, oldestPlannedAt, openBatches } = await readLateness(db);
  const age = (at: number | null) => (at === null ? 0 : Math.max(0, now - at));
  const late = age(oldestDueAt) > LATE_AFTER_MS || age(oldestPlannedAt) > LATE_AFTER_MS;
  return {
    late,
    oldestDueSeconds: Math.round(age(oldestDueAt) / 1000),
    oldestPlannedSeconds: Math.round(age(oldestPlannedAt) / 1000),
    openBatches,
  };
}
