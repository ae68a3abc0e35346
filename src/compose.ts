import type { Doer } from "./domain/acts/act.ts";
import { KINDS } from "./domain/kinds.ts";
import type { Enqueue, Outside, Services } from "./domain/services.ts";
import { type Env, readConfig } from "./platform/config.ts";
import { openDb } from "./platform/db/client.ts";
import { openGuard } from "./platform/guard/open-guard.ts";
import { readSkippedMs } from "./platform/providers/mailbox-queries.ts";
import { openProvider } from "./platform/providers/open-provider.ts";

/** Cloudflare takes 100 messages a call (developers.cloudflare.com/queues/platform/limits). */
const MESSAGES_PER_CALL = 100;

/**
 * Everything that one invocation works with, from its bindings; or every fault of the configuration, with which nothing may
 * work. `now` turns real time into the product's, which runs ahead of it in a trial; `at` gives the services of an instant of
 * the product's time, to do something on someone's word.
 */
export function compose(env: Env, outside: Outside) {
  const reading = readConfig(env);
  if (reading.kind === "faulty") return reading;
  const { config } = reading;
  const db = openDb(env.DB);
  const guard = openGuard(env.GUARD);
  const base = {
    ...outside,
    config,
    db,
    guard,
    kinds: KINDS,
    enqueue: enqueueOn(env),
    bucket: env.PICTURES ?? null,
  };
  return {
    kind: "composed" as const,
    ...base,
    now: async (wallNow: number): Promise<number> =>
      config.provider.kind === "mailbox" ? wallNow + (await readSkippedMs(db)) : wallNow,
    at: (now: number, by: Doer): Services => ({ ...base, now, by, provider: openProvider(config, db, now) }),
  };
}

function enqueueOn(env: Pick<Env, "LETTERS" | "CONFIRMATIONS">): Enqueue {
  const lanes = { letters: env.LETTERS, confirmations: env.CONFIRMATIONS };
  return async (lane, messages, delaySeconds = 0) => {
    for (let from = 0; from < messages.length; from += MESSAGES_PER_CALL) {
      const some = messages.slice(from, from + MESSAGES_PER_CALL).map((body) => ({ body }));
      await lanes[lane].sendBatch(some, { delaySeconds });
    }
  };
}
