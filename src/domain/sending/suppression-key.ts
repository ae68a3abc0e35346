import type { Config } from "../../platform/config.ts";
import { keepFact } from "../../platform/db/facts.ts";
import { suppressionCheck } from "../people/address-hash.ts";
import type { Services } from "../services.ts";

/** The fact by which a database tells under which SUPPRESSION_KEY its list was written. */
export const SUPPRESSION_CHECK = "suppression_check";

const known = new WeakMap<Config, true>();

/**
 * Whether SUPPRESSION_KEY is the one that the suppression list was written with. Under another key nobody on it would be
 * recognised, so nothing is sent. Asked once an isolate, as long as the answer is yes.
 */
export async function holdsSuppressionKey(deps: Pick<Services, "db" | "config">): Promise<boolean> {
  if (known.has(deps.config)) return true;
  const check = await suppressionCheck(deps.config);
  const same = (await keepFact(deps.db, SUPPRESSION_CHECK, check)) === check;
  if (same) known.set(deps.config, true);
  return same;
}
