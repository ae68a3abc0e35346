import { createApp } from "./app.ts";
import { type Env, readConfig } from "./config.ts";
import { openDb } from "./db/client.ts";
import { consumeDeadLetters, consumeQueue } from "./delivery/consume-queue.ts";
import { type DeliveryDeps, deliveryDeps } from "./delivery/deps.ts";
import { logEvent } from "./delivery/log-event.ts";
import { runTick } from "./delivery/run-tick.ts";
import { unparkFeedback } from "./feedback/take-feedback.ts";
import { openGuard } from "./guard/open-guard.ts";
import { readSkippedMs } from "./mailbox/queries.ts";
import { openProvider } from "./providers/open-provider.ts";
import { cleanUp } from "./retention/clean-up.ts";

export { Guard } from "./guard/guard.ts";

const wallNow = () => Date.now();

function random(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}

const app = createApp({ wallNow, random, wait: (ms) => scheduler.wait(ms) });

export default {
  fetch: app.fetch,

  async scheduled(controller, env) {
    const deps = await invocationDeps(env, controller.scheduledTime);
    const { batchIds: _, parked, ...tick } = await runTick(deps, deps.now);
    const unparked = parked ? await unparkFeedback(deps) : 0;
    // A restored database may hold as unconfirmed what was confirmed in the lost time.
    const forgotten = tick.withheld === "disarmed" ? {} : await cleanUp(deps, deps.now);
    logEvent("tick.done", { ...tick, unparked, ...forgotten });
  },

  async queue(batch, env) {
    const deps = await invocationDeps(env, wallNow());
    if (batch.queue.endsWith("dead")) return consumeDeadLetters(deps, batch.messages);
    const lane = batch.queue.endsWith("confirmations") ? "confirmations" : "letters";
    return consumeQueue(deps, lane, batch.messages);
  },
} satisfies ExportedHandler<Env>;

/** With a faulty configuration nothing is planned and nothing is sent: the tick or the messages come again. */
async function invocationDeps(env: Env, realNow: number): Promise<DeliveryDeps> {
  const reading = readConfig(env);
  if (reading.kind === "faulty") throw new Error(`configuration: ${reading.faults.join("; ")}`);
  const { config } = reading;
  const db = openDb(env.DB);
  const now = config.provider.kind === "mailbox" ? realNow + (await readSkippedMs(db)) : realNow;
  return deliveryDeps(env, {
    db,
    config,
    wallNow,
    random,
    now,
    guard: openGuard(env.GUARD),
    provider: openProvider(config, db, now),
    wait: (ms) => scheduler.wait(ms),
  });
}
