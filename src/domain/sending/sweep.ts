import type { Lane } from "../../platform/guard/rate.ts";
import { takeStrandedBatches } from "../ledger/queries/sweep.ts";
import type { Services } from "../services.ts";

/** The lanes, in the order in which they are swept: a person waits for a confirmation. */
export const LANES = ["confirmations", "letters"] as const satisfies readonly Lane[];

/** A batch put on a queue longer ago than this has been forgotten by it: the queue retries within minutes. */
export const STRANDED_AFTER_MS = 10 * 60_000;

/** How many batches a sweep puts on the queue before it lets others have their turn. */
export const SWEEP_STEP = 500;

/**
 * Puts a lane's open batches that wait for nothing and lie on no queue on its own queue again, `left` of them at most: a step now, and the
 * rest when the queue has come to the message behind it. Returns how many this step took. Safe to run at once: each goes to one.
 */
export async function sweepLane(
  deps: Pick<Services, "db" | "enqueue" | "wallNow">,
  lane: Lane,
  left: number,
): Promise<number> {
  const wallNow = deps.wallNow();
  const limit = Math.min(left, SWEEP_STEP);
  const enqueuedBefore = wallNow - STRANDED_AFTER_MS;
  const taken = await takeStrandedBatches(deps.db, lane, { wallNow, enqueuedBefore }, limit);
  const rest = left - limit;
  await deps.enqueue(lane, [
    ...taken.map((batchId) => ({ batchId })),
    ...(taken.length === limit && rest > 0 ? [{ sweep: lane, left: rest }] : []),
  ]);
  return taken.length;
}
