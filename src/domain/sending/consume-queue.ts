import * as z from "zod";
import type { Lane } from "../../platform/guard/rate.ts";
import { faultName } from "../../platform/log/fault-name.ts";
import { logEvent } from "../../platform/log/log-event.ts";
import { raiseAlert } from "../../platform/log/queries.ts";
import { byItself } from "../acts/act.ts";
import { runBroadcast } from "../broadcasts/step-broadcast.ts";
import type { Services } from "../services.ts";
import { runTick } from "./run-tick.ts";
import { AFTER_CRASH_S, gatherAndSend, sendBatch } from "./send-batch.ts";
import { LANES, STRANDED_AFTER_MS, sweepLane } from "./sweep.ts";
import { BATCHES_AT_ONCE, openTurns, type Turns } from "./take-turn.ts";

const messageSchema = z.union([
  z.object({ batchId: z.number().int().positive() }),
  z.object({ gather: z.enum(LANES) }),
  z.object({ sweep: z.enum(LANES), left: z.int().positive() }),
  z.object({ continueTickAt: z.number().int() }),
  z.object({ renderSite: z.literal(true) }),
  z.object({ job: z.int().positive() }),
  z.object({ broadcast: z.int().positive() }),
]);
type QueueMessage = z.infer<typeof messageSchema>;

/** Longer than the longest pause between two tries; a quota may last for weeks. */
const CONFIRMATION_WAIT_MS = 16 * 60_000;

/**
 * Works off the messages of one lane. Each message is acknowledged or retried by itself; what a queue gives up on is
 * found again by the next ticks. A failure of ours (D1 away) retries the message and shows in the log.
 */
export async function consumeQueue(
  deps: Services,
  lane: Lane,
  messages: readonly Message<unknown>[],
): Promise<void> {
  const waiting = messages.map((message) => ({ message, read: messageSchema.safeParse(message.body) }));
  const turns = openTurns(deps, lane, waiting.filter(({ read }) => read.success && isSend(read.data)).length);
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      await consumeMessage(deps, lane, next.message, next.read, turns);
    }
  };
  await Promise.all(Array.from({ length: BATCHES_AT_ONCE }, worker));
  await turns.close();
}

function isSend(message: QueueMessage): boolean {
  return "batchId" in message || "gather" in message;
}

async function consumeMessage(
  all: Services,
  lane: Lane,
  message: Message<unknown>,
  read: ReturnType<typeof messageSchema.safeParse>,
  turns: Turns,
): Promise<void> {
  // Each message is a request of its own: what it does is kept beside what the others do, with its own time.
  const deps = { ...all, by: byItself(all.random), now: turns.now() };
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
    if ("renderSite" in read.data) {
      const { renderNext } = await import("../letters/render-next.ts");
      if ((await renderNext(deps)) === "more") await deps.enqueue(lane, [{ renderSite: true }]);
      message.ack();
      return;
    }
    if ("job" in read.data) {
      const { runJob } = await import("../jobs/run-job.ts");
      await runJob(deps, read.data.job);
      message.ack();
      return;
    }
    if ("broadcast" in read.data) {
      await runBroadcast(deps, read.data.broadcast);
      message.ack();
      return;
    }
    if ("sweep" in read.data) {
      await sweepLane(deps, read.data.sweep, read.data.left);
      message.ack();
      return;
    }
    const what = read.data;
    const result =
      "batchId" in what
        ? { ...(await sendBatch(deps, what.batchId, lane, turns)), batchId: what.batchId }
        : await gatherAndSend(deps, lane, turns);
    const { batchId } = result;
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
        // A message of its own, because the queue counts retries, and waiting is no failure.
        // What waits longer is brought back by the ticks, once and not once a message; but a person waits for a confirmation.
        if (result.afterMs < (lane === "confirmations" ? CONFIRMATION_WAIT_MS : STRANDED_AFTER_MS)) {
          // What was gathered waits as a batch from then on.
          const next = batchId === null ? what : { batchId };
          await deps.enqueue(lane, [next], Math.ceil(result.afterMs / 1000));
        }
        message.ack();
        return;
    }
  } catch (error) {
    logEvent("batch.crashed", { lane, error: faultName(error) });
    message.retry({ delaySeconds: AFTER_CRASH_S });
  }
}

/** What a queue gave up on after its retries: the owner is told, and nothing else; the next ticks find the batch again. */
export async function consumeDeadLetters(
  deps: Pick<Services, "db" | "now">,
  messages: readonly Message<unknown>[],
): Promise<void> {
  for (const message of messages) {
    const read = messageSchema.safeParse(message.body);
    const batchId = read.success && "batchId" in read.data ? read.data.batchId : null;
    logEvent("queue.dead_letter", { batchId });
    await raiseAlert(deps.db, {
      name: "queue.dead_letter",
      detail: `batch ${batchId ?? "unknown"}`,
      now: deps.now,
    });
    message.ack();
  }
}
