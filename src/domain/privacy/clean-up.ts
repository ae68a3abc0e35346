import { DAY_MS, WEEK_MS } from "../../platform/calendar/durations.ts";
import type { Config } from "../../platform/config.ts";
import type { Db } from "../../platform/db/client.ts";
import type { Kinds } from "../ledger/kind.ts";
import { forgetAttempts } from "../ledger/queries/forget.ts";
import { forgetUnusedPicture } from "../letters/forget-pictures.ts";
import { listOpenErasures } from "../people/queries/erasures.ts";
import { eraseNow } from "./queries/erasing.ts";
import { type Before, forgetPending, forgetRest, readForgettable } from "./queries/forgetting.ts";

/** At most so many rows of each kind a tick: what is left, the next ones take. */
const STEP = 2000;
const ERASURES_A_TICK = 20;
/** Counts without any person in them are kept for the owner's yearly look. */
const COUNTS_KEPT_MS = 400 * DAY_MS;
/** Attempts of batches that are done are of use while a letter may still be looked for, or the database be restored (30 days). */
const ATTEMPTS_KEPT_MS = 30 * DAY_MS;

/** What a tick forgot. */
export type Forgotten = { readonly erased: number; readonly pending: number };

/**
 * A tick's share of forgetting, in bounded steps: erasures that waited for a letter on its way, sign-ups that were never
 * confirmed, networks, reports and changes whose time is over (config `keep`), attempts of a month ago, answers kept for a day, files of a week ago that were to be imported, a picture that no letter names. Ledger rows of readers stay. Idempotent.
 */
export async function cleanUp(
  deps: {
    readonly db: Db;
    readonly config: Pick<Config, "keep">;
    readonly kinds: Kinds;
    readonly bucket: R2Bucket | null;
    readonly wallNow: () => number;
  },
  now: number,
): Promise<Forgotten> {
  const { keep } = deps.config;
  const before: Before = {
    pending: now - keep.pendingDays * DAY_MS,
    network: now - keep.networkDays * DAY_MS,
    events: now - keep.eventDays * DAY_MS,
    changes: now - keep.changeDays * DAY_MS,
    counts: now - COUNTS_KEPT_MS,
    imports: now - WEEK_MS,
    attempts: deps.wallNow() - ATTEMPTS_KEPT_MS,
    wallNow: deps.wallNow(),
  };
  const found = await readForgettable(deps.db, now, before);
  let erased = 0;
  if (found.erasures) {
    for (const erasure of await listOpenErasures(deps.db, ERASURES_A_TICK)) {
      if (await eraseNow(deps.db, deps.kinds, erasure, now)) erased += 1;
    }
  }
  const pending = found.pending ? await forgetPending(deps.db, before.pending, STEP) : 0;
  if (found.attempts) await forgetAttempts(deps.db, before.attempts, STEP);
  if (found.rest) await forgetRest(deps.db, now, before, STEP);
  await forgetUnusedPicture(deps, now);
  return { erased, pending };
}
