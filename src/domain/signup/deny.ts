import { networkHash } from "../people/address-hash.ts";
import { isDisarmed } from "../restore/is-disarmed.ts";
import type { Services } from "../services.ts";
import { denialWindows } from "./gate/budgets.ts";
import { prefixOf } from "./gate/network.ts";
import { denyConsent } from "./queries/deny.ts";

/**
 * Someone at the address says that they never signed up: the sign-up is deleted, and no form can send there for a month or two.
 * The network and the partner that it came from lose trust; of many who say so from one `network` the partner's forms hear once. Repeating it changes nothing. `closed` while the database is being
 * recovered.
 */
export async function denySignUp(
  deps: Pick<Services, "db" | "config" | "guard" | "now" | "wallNow" | "random">,
  consentId: number,
  network: string | null,
): Promise<"denied" | "closed"> {
  const { disarmed, growth } = await isDisarmed(deps);
  if (disarmed) return "closed";
  await denyConsent(deps.db, {
    consentId,
    denialId: deps.random(),
    growth,
    saidFrom: network === null ? null : await networkHash(deps.config, prefixOf(network)),
    now: deps.now,
    windows: denialWindows(deps.now),
  });
  return "denied";
}
