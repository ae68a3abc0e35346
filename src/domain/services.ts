import type { Config, QueueMessage } from "../platform/config.ts";
import type { Db } from "../platform/db/client.ts";
import type { GuardPort } from "../platform/guard/guard-port.ts";
import type { Lane } from "../platform/guard/rate.ts";
import type { MailProvider } from "../platform/providers/mail-provider.ts";
import type { Doer } from "./acts/act.ts";
import type { Kinds } from "./ledger/kind.ts";

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
  /** The registry: what a kind of delivery means. */
  readonly kinds: Kinds;
  readonly enqueue: Enqueue;
  /** Where letters' pictures are kept; null where the account has no R2. */
  readonly bucket: R2Bucket | null;
  readonly now: number;
  /** On whose word this invocation does something. */
  readonly by: Doer;
};
