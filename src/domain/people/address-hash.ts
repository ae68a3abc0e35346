import type { Config } from "../../platform/config.ts";
import { hmacHex } from "../../platform/links/mac.ts";

/** The name of an address key in the suppression list: HMAC-SHA-256 under SUPPRESSION_KEY, as 64 hex digits. */
export function addressHash(config: Pick<Config, "suppressionKey">, addressKey: string): Promise<string> {
  return hmacHex(config.suppressionKey, `address ${addressKey}`);
}

/** The network of a visitor, as it is kept and counted. */
export function networkHash(config: Pick<Config, "suppressionKey">, network: string): Promise<string> {
  return hmacHex(config.suppressionKey, `network ${network}`);
}

/** Something that is counted by name without the name being kept. */
export function nameHash(
  config: Pick<Config, "suppressionKey">,
  kind: "folded" | "domain",
  name: string,
): Promise<string> {
  return hmacHex(config.suppressionKey, `${kind} ${name}`);
}

/** A value that only this SUPPRESSION_KEY gives; kept in D1, so that a changed key is noticed before anything is sent. */
export function suppressionCheck(config: Pick<Config, "suppressionKey">): Promise<string> {
  return hmacHex(config.suppressionKey, "themepost suppression check");
}
