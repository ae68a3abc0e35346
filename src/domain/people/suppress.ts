import type { Config } from "../../platform/config.ts";
import { batch, together } from "../../platform/db/batch.ts";
import { recordAct } from "../acts/queries/acts.ts";
import type { Services } from "../services.ts";
import { addressHash } from "./address-hash.ts";
import { journalOptOuts } from "./journal.ts";
import {
  hasNote,
  isSuppressed,
  liftSuppression,
  noteSuppression,
  suppressStatements,
} from "./queries/suppressions.ts";
import { suppressionFor } from "./suppression.ts";

type Deps = Pick<Services, "db" | "guard" | "now" | "wallNow" | "by"> & {
  readonly config: Pick<Config, "suppressionKey">;
};

/**
 * Puts an address on the suppression list because the owner says so, with their note of why. The Guard hears of it now, or from
 * the next tick. A stronger one that is in force stays, and gets the note; an erased address gets none. Idempotent.
 */
export async function suppress(deps: Deps, addressKey: string, note: string): Promise<void> {
  const hash = await addressHash(deps.config, addressKey);
  const { db, now } = deps;
  await batch(
    db,
    together(suppressStatements(db, hash, suppressionFor("owner", now), note), {
      noted: noteSuppression(db, hash, note),
      act: recordAct(deps.by, actOn("suppress", hash, now), hasNote(hash, note)),
    }),
  );
  await journalOptOuts(deps).catch(() => 0);
}

/** Takes off the list whatever is in force on an address, with the owner's note of why. False where nothing is. */
export async function lift(deps: Deps, addressKey: string, note: string): Promise<boolean> {
  const hash = await addressHash(deps.config, addressKey);
  const { now, db } = deps;
  const { lifted } = await batch(db, {
    act: recordAct(deps.by, actOn("lift_suppression", hash, now), isSuppressed(hash, now)),
    lifted: liftSuppression(db, { addressHash: hash, now, note }),
  });
  return lifted.length > 0;
}

/** The note isn't kept here: it may tell of a person, and goes with their erasure. */
function actOn(verb: "suppress" | "lift_suppression", hash: string, at: number) {
  return { at, verb, object: `address:${hash.slice(0, 16)}`, changed: {} } as const;
}
