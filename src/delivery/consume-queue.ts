import { z } from "zod";
import { faultName } from "../web/fault-name.ts";
import type { DeliveryDeps, Lane } from "./deps.ts";
import { logEvent } from "./log-event.ts";
import { runTick } from "./run-tick.ts";
import { LEASE_MS, sendBatch } from "./send-batch.ts";

const messageSchema = z.union([
  z.object({ batchId: z.number().int().positive() }),
  z.object({ continueTickAt: z.number().int() }),
]);

/** Provider calls and D1 take turns: while one batch waits for the provider, another is prepared. */
const BATCHES_AT_ONCE = 4;

/**
 * Works off the messages of one lane. Each message is acknowledged or retried by itself; what a queue gives up on is
 * found again by the next ticks. A failure of ours (D1 away) retries the message and shows in the log.
 */
export async function consumeQueue(
  deps: DeliveryDeps,
  lane: Lane,
  messages: readonly Message<unknown>[],
): Promise<void> {
  const waiting = [...messages];
  const worker = async () => {
    for (let message = waiting.shift(); message !== undefined; message = waiting.shift()) {
      await consumeMessage(deps, lane, message);
    }
  };
  await Promise.all(Array.from({ length: BATCHES_AT_ONCE }, worker));
}

async function consumeMessage(deps: DeliveryDeps, lane: Lane, message: Message<unknown>): Promise<void> {
  const read = messageSchema.safeParse(message.body);
  if (!read.success) {
    logEvent("queue.unreadable_message", { lane });
    message.ack();
    return;
  }
  try {
    if ("continueTickAt" in read.data) {
      await runTick({ ...deps, now: read.data.continueTickAt }, read.data.continueTickAt);
      message.ack();
      return;
    }
    const { batchId } = read.data;
    const result = await sendBatch(deps, batchId);
    switch (result.kind) {
      case "done":
        logEvent("batch.done", { batchId, lane, accepted: result.accepted });
        message.ack();
        return;
      case "not_claimed":
        message.ack();
        return;
      case "later":
        logEvent("batch.later", { batchId, lane, afterMs: result.afterMs, why: result.why });
        message.retry({ delaySeconds: Math.ceil(result.afterMs / 1000) });
        return;
    }
  } catch (error) {
    logEvent("batch.crashed", { lane, error: faultName(error) });
    // The claim, if there was one, holds until its lease is over.
    message.retry({ delaySeconds: LEASE_MS / 1000 + 5 });
  }
}
