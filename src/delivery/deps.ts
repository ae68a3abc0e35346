import type { Config, Env, QueueMessage } from "../config.ts";
import type { Db } from "../db/client.ts";
import type { MailProvider } from "../providers/mail-provider.ts";

/** The two lanes: a weekly run never delays a confirmation. */
export type Lane = "letters" | "confirmations";

/** Puts messages on a lane. They may be lost or repeated; the sweep of each tick makes up for it. */
type Enqueue = (lane: Lane, messages: readonly QueueMessage[]) => Promise<void>;

/**
 * What the delivery verbs work with. `now` is the time of the product: slots, due dates, lateness. `wallNow` is real
 * time: leases, backoff, the idempotency window. `random` gives 128 random bits as hex.
 */
export type DeliveryDeps = {
  readonly db: Db;
  readonly config: Config;
  readonly provider: MailProvider;
  readonly enqueue: Enqueue;
  readonly now: number;
  readonly wallNow: () => number;
  readonly random: () => string;
};

/** Cloudflare takes 100 messages a call (developers.cloudflare.com/queues/platform/limits). */
const MESSAGES_PER_CALL = 100;

/** The deps of one invocation, from its bindings. */
export function deliveryDeps(
  env: Pick<Env, "LETTERS" | "CONFIRMATIONS">,
  base: Pick<DeliveryDeps, "db" | "config" | "wallNow" | "random">,
  provider: MailProvider,
  now: number,
): DeliveryDeps {
  const lanes = { letters: env.LETTERS, confirmations: env.CONFIRMATIONS };
  const enqueue: Enqueue = async (lane, messages) => {
    for (let from = 0; from < messages.length; from += MESSAGES_PER_CALL) {
      await lanes[lane].sendBatch(messages.slice(from, from + MESSAGES_PER_CALL).map((body) => ({ body })));
    }
  };
  const { db, config, wallNow, random } = base;
  return { db, config, wallNow, random, provider, enqueue, now };
}
