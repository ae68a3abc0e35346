import { createApp } from "./app.ts";
import { type Config, type Env, readConfig } from "./config.ts";
import { openDb } from "./db/client.ts";
import { consumeQueue } from "./delivery/consume-queue.ts";
import { type DeliveryDeps, deliveryDeps, type Lane } from "./delivery/deps.ts";
import { logEvent } from "./delivery/log-event.ts";
import { runTick } from "./delivery/run-tick.ts";
import { readSkippedMs } from "./mailbox/queries.ts";
import { mailboxProvider } from "./providers/mailbox.ts";
import { resendProvider } from "./providers/resend.ts";

const wallNow = () => Date.now();

function random(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}

const app = createApp({ wallNow, random });

export default {
  fetch: app.fetch,

  async scheduled(controller, env) {
    const deps = await invocationDeps(env, controller.scheduledTime);
    const { planned, passed, waiting, swept, finished } = await runTick(deps, deps.now);
    logEvent("tick.done", { planned, passed, waiting, swept, finished });
  },

  async queue(batch, env) {
    const lane: Lane = batch.queue.endsWith("confirmations") ? "confirmations" : "letters";
    await consumeQueue(await invocationDeps(env, wallNow()), lane, batch.messages);
  },
} satisfies ExportedHandler<Env>;

/** With a faulty configuration nothing is planned and nothing is sent: the tick or the messages come again. */
async function invocationDeps(env: Env, realNow: number): Promise<DeliveryDeps> {
  const reading = readConfig(env);
  if (reading.kind === "faulty") throw new Error(`configuration: ${reading.faults.join("; ")}`);
  const { config } = reading;
  const db = openDb(env.DB);
  const now = config.provider.kind === "mailbox" ? realNow + (await readSkippedMs(db)) : realNow;
  return deliveryDeps(env, { db, config, wallNow, random }, providerOf(config, db, now), now);
}

function providerOf(config: Config, db: DeliveryDeps["db"], now: number) {
  return config.provider.kind === "mailbox" ? mailboxProvider(db, now) : resendProvider(config.provider);
}
