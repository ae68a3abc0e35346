import type { Config } from "../../platform/config.ts";
import { batch } from "../../platform/db/batch.ts";
import type { Services } from "../services.ts";
import { addressHash } from "./address-hash.ts";
import { journalOptOuts } from "./journal.ts";
import { liftSuppression, suppressStatements } from "./queries/suppressions.ts";
import { suppressionFor } from "./suppression.ts";

type Deps = Pick<Services, "db" | "guard" | "now" | "wallNow"> & {
  readonly config: Pick<Config, "suppressionKey">;
};

/** Puts an address on the suppression list because the owner says so. The Guard hears of it now, or from the next tick. Idempotent. */
export async function suppress(deps: Deps, addressKey: string): Promise<void> {
  const hash = await addressHash(deps.config, addressKey);
  await batch(deps.db, { ...suppressStatements(hash, suppressionFor("owner", deps.now)) });
  await journalOptOuts(deps).catch(() => 0);
}

/** Takes off the list whatever is in force on an address, with the owner's note of why. False where nothing is. */
export async function lift(deps: Deps, addressKey: string, note: string): Promise<boolean> {
  return liftSuppression(deps.db, {
    addressHash: await addressHash(deps.config, addressKey),
    now: deps.now,
    note,
  });
}
