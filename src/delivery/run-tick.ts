import type { QueueMessage } from "../config.ts";
import type { DeliveryDeps, Lane } from "./deps.ts";
import { type PlannedTick, planTick } from "./plan-tick.ts";
import { takeStrandedBatches } from "./queries/sweep.ts";

/** D1 allows 1,000 queries an invocation on the paid plan (developers.cloudflare.com/d1/platform/limits). */
const STATEMENT_BUDGET = 900;

/** A batch put on a queue longer ago than this has been forgotten by it: the queue retries within minutes. */
export const STRANDED_AFTER_MS = 10 * 60_000;

const SWEEP_MAX = 500;

/**
 * One tick: plan what is due, put the batches on the queue, and put there again what a lost message or a dead consumer
 * left behind. A tick that stops at its budget asks the queue to continue it.
 */
export async function runTick(
  deps: DeliveryDeps,
  tickAt: number,
): Promise<PlannedTick & { readonly swept: number }> {
  const planned = await planTick(deps, { tickAt, statementBudget: STATEMENT_BUDGET });
  const messages: QueueMessage[] = planned.batchIds.map((batchId) => ({ batchId }));
  if (!planned.finished) messages.push({ continueTickAt: tickAt });
  await deps.enqueue("letters", messages);
  const swept = await sweep(deps);
  return { ...planned, swept };
}

async function sweep(deps: DeliveryDeps): Promise<number> {
  const wallNow = deps.wallNow();
  const stranded = await takeStrandedBatches(
    deps.db,
    { wallNow, enqueuedBefore: wallNow - STRANDED_AFTER_MS },
    SWEEP_MAX,
  );
  for (const lane of ["confirmations", "letters"] satisfies Lane[]) {
    const ids = stranded.filter((batch) => batch.lane === lane).map((batch) => ({ batchId: batch.id }));
    await deps.enqueue(lane, ids);
  }
  return stranded.length;
}
