import type { Config, Env, QueueMessage } from "../config.ts";
import type { Db } from "../db/client.ts";
import type { GuardPort } from "../guard/guard-port.ts";
import type { Lane } from "../guard/pace.ts";
import type { MailProvider } from "../providers/mail-provider.ts";

/** Puts messages on a lane. They may be lost or repeated; the sweep of each tick makes up for it. */
type Enqueue = (lane: Lane, messages: readonly QueueMessage[], delaySeconds?: number) => Promise<void>;

/**
 * What the delivery verbs work with. `now` is the time of the product: slots, due dates, lateness. `wallNow` is real
 * time: leases, backoff, the idempotency window. `random` gives 128 random bits as hex. `wait` passes real time.
 */
export type DeliveryDeps = {
  readonly db: Db;
  readonly config: Config;
  readonly provider: MailProvider;
  readonly guard: GuardPort;
  readonly enqueue: Enqueue;
  readonly now: number;
  readonly wallNow: () => number;
  readonly random: () => string;
  readonly wait: (ms: number) => Promise<void>;
};

/** Cloudflare takes 100 messages a call (developers.cloudflare.com/queues/platform/limits). */
const MESSAGES_PER_CALL = 100;

/** The deps of one invocation, from its bindings. */
export function deliveryDeps(
  env: Pick<Env, "LETTERS" | "CONFIRMATIONS">,
  base: Omit<DeliveryDeps, "enqueue">,
): DeliveryDeps {
  const lanes = { letters: env.LETTERS, confirmations: env.CONFIRMATIONS };
  const enqueue: Enqueue = async (lane, messages, delaySeconds = 0) => {
    for (let from = 0; from < messages.length; from += MESSAGES_PER_CALL) {
      const some = messages.slice(from, from + MESSAGES_PER_CALL).map((body) => ({ body }));
      await lanes[lane].sendBatch(some, { delaySeconds });
    }
  };
  return { ...base, enqueue };
}
