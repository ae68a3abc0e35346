import { skipAhead } from "../../platform/providers/mailbox-queries.ts";
import { nextBroadcastInstant } from "../broadcasts/queries/broadcasts.ts";
import { dueBroadcasts, runBroadcast } from "../broadcasts/step-broadcast.ts";
import { LATE_AFTER_MS } from "../ledger/late-after.ts";
import { passOverdueHeld } from "../ledger/queries/letters.ts";
import { lanesWaiting, listOpenBatches } from "../ledger/queries/sweep.ts";
import { planTick } from "../sequences/plan-tick.ts";
import { nextDueInstant } from "../sequences/queries/due.ts";
import type { Services } from "../services.ts";
import { gatherAndSend, sendBatch } from "./send-batch.ts";

/** The cron period: the ticks on the way stand on this grid. */
const TICK_MS = 15 * 60_000;

// A request that would run longer says how far it came; the caller asks again.
const TICKS_MAX = 10_000;
const STATEMENT_BUDGET = 100_000;

/** Everything of Services that does not depend on the time. `depsAt` builds the rest for an instant. */
export type AdvanceDeps = Pick<Services, "db" | "wallNow"> & {
  readonly depsAt: (now: number) => Promise<Services>;
};

/**
 * Moves the mailbox's clock from `now` to `target` and runs the ticks on the way at which something is due, each with
 * its batches finished before the next. Returns where the clock stands (short of `target` after very many ticks) and how
 * many letters were accepted. A target in the past moves nothing.
 */
export async function advance(
  deps: AdvanceDeps,
  now: number,
  target: number,
): Promise<{ readonly now: number; readonly accepted: number }> {
  const { guard } = await deps.depsAt(now);
  const { sending, lostUntil } = await guard.status();
  if (sending !== "on") {
    // Time passes, and nothing is planned: what is due by then is caught up or missed, as in life.
    await skipAhead(deps.db, target - deps.wallNow());
    return { now: Math.max(now, target), accepted: 0 };
  }
  let accepted = await finishBatches(deps, now);
  let reached = now;
  for (let ticks = 0; ticks < TICKS_MAX; ticks += 1) {
    const dueAt = earlier(await nextDueInstant(deps.db), await nextBroadcastInstant(deps.db));
    const tickAt = dueAt === null ? null : Math.ceil(Math.max(dueAt, reached) / TICK_MS) * TICK_MS;
    if (tickAt === null || tickAt > target) {
      reached = Math.max(reached, target);
      break;
    }
    reached = tickAt;
    await skipAhead(deps.db, tickAt - deps.wallNow());
    const tickDeps = await deps.depsAt(tickAt);
    await passOverdueHeld(deps.db, tickDeps.kinds, { now: tickAt, heldBefore: tickAt - LATE_AFTER_MS });
    await planTick(tickDeps, {
      tickAt,
      statementBudget: STATEMENT_BUDGET,
      lostUntil,
      growth: 0,
      lettersLeft: null,
    });
    for (const { broadcast } of await dueBroadcasts(tickDeps)) await runBroadcast(tickDeps, broadcast);
    accepted += await finishBatches(deps, tickAt);
  }
  await skipAhead(deps.db, reached - deps.wallNow());
  return { now: reached, accepted };
}

const earlier = (one: number | null, other: number | null) =>
  one === null || other === null ? (one ?? other) : Math.min(one, other);

/** Sends what waits, with a batch or without, at an instant of the mailbox's time. */
async function finishBatches(deps: AdvanceDeps, now: number): Promise<number> {
  const services = await deps.depsAt(now);
  let accepted = 0;
  for (const lane of await lanesWaiting(deps.db, services.kinds, now)) {
    for (;;) {
      const result = await gatherAndSend(services, lane);
      if (result.kind !== "done") break;
      accepted += result.accepted;
    }
  }
  for (const { id, lane } of await listOpenBatches(deps.db)) {
    const result = await sendBatch(services, id, lane);
    if (result.kind === "done") accepted += result.accepted;
  }
  return accepted;
}
