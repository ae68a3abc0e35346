import type { Config, QueueMessage } from "./config.ts";
import type { Db } from "./db/client.ts";
import type { GuardPort } from "./guard/guard-port.ts";
import type { Lane } from "./guard/pace.ts";
import type { MailProvider } from "./providers/mail-provider.ts";

/** Puts messages on a lane. They may be lost or repeated; the sweep of each tick makes up for it. */
export type Enqueue = (lane: Lane, messages: readonly QueueMessage[], delaySeconds?: number) => Promise<void>;

/** Real time and chance. `random` gives 128 random bits as hex, `wait` passes real time. */
export type Outside = {
  readonly wallNow: () => number;
  readonly random: () => string;
  readonly wait: (ms: number) => Promise<void>;
};

/**
 * What the verbs work with. `now` is the time of the product: slots, due dates, lateness. `wallNow` is real time: leases,
 * backoff, the idempotency window.
 */
export type Services = Outside & {
  readonly db: Db;
  readonly config: Config;
  readonly provider: MailProvider;
  readonly guard: GuardPort;
  readonly enqueue: Enqueue;
  readonly now: number;
};
