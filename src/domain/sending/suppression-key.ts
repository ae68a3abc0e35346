import type { Config } from "../../platform/config.ts";
import type { Services } from "../../platform/services.ts";
import { suppressionCheck } from "../people/address-hash.ts";
import { sameSuppressionCheck } from "../people/queries/opting-out.ts";

const known = new WeakMap<Config, true>();

/**
 * Whether SUPPRESSION_KEY is the one that the suppression list was written with. Under another key nobody on it would be
 * recognised, so nothing is sent. Asked once an isolate, as long as the answer is yes.
 */
export async function holdsSuppressionKey(deps: Pick<Services, "db" | "config">): Promise<boolean> {
  if (known.has(deps.config)) return true;
  const same = await sameSuppressionCheck(deps.db, await suppressionCheck(deps.config));
  if (same) known.set(deps.config, true);
  return same;
}
