import { createApp } from "./app.ts";
import { compose } from "./compose.ts";
import { byItself } from "./domain/acts/act.ts";
import { unparkFeedback } from "./domain/feedback/take-feedback.ts";
import { takeUnread } from "./domain/feedback/unread.ts";
import { mailAlerts } from "./domain/letters/mail-alerts.ts";
import { cleanUp } from "./domain/privacy/clean-up.ts";
import { consumeDeadLetters, consumeQueue } from "./domain/sending/consume-queue.ts";
import { runTick, tickTime } from "./domain/sending/run-tick.ts";
import type { Outside, Services } from "./domain/services.ts";
import type { Env } from "./platform/config.ts";
import { hex } from "./platform/links/mac.ts";
import { logEvent } from "./platform/log/log-event.ts";
import { tellAlerts } from "./platform/log/tell-alerts.ts";

export { Guard } from "./platform/guard/guard.ts";

const wallNow = () => Date.now();

function random(): string {
  return hex(crypto.getRandomValues(new Uint8Array(16)));
}

const outside: Outside = { wallNow, random, wait: (ms) => scheduler.wait(ms) };
const app = createApp(outside);

export default {
  fetch: app.fetch,

  async scheduled(controller, env) {
    const deps = await servicesAt(env, tickTime(controller.scheduledTime, wallNow()));
    const { batchIds: _, parked, ...tick } = await runTick(deps, deps.now);
    await tellAlerts(deps);
    await mailAlerts(deps);
    const unparked = (parked ? await unparkFeedback(deps) : 0) + (await takeUnread(deps));
    // A restored database may hold as unconfirmed what was confirmed in the lost time.
    const forgotten = tick.withheld === "disarmed" ? {} : await cleanUp(deps, deps.now);
    logEvent("tick.done", { ...tick, unparked, ...forgotten });
  },

  async queue(batch, env) {
    const deps = await servicesAt(env, wallNow());
    if (batch.queue.endsWith("dead")) return consumeDeadLetters(deps, batch.messages);
    const lane = batch.queue.endsWith("confirmations") ? "confirmations" : "letters";
    return consumeQueue(deps, lane, batch.messages);
  },
} satisfies ExportedHandler<Env>;

/** With a faulty configuration nothing is planned and nothing is sent: the tick or the messages come again. */
async function servicesAt(env: Env, wallNow: number): Promise<Services> {
  const composed = compose(env, outside);
  if (composed.kind === "faulty") throw new Error(`configuration: ${composed.faults.join("; ")}`);
  return composed.at(await composed.now(wallNow), byItself(random));
}
