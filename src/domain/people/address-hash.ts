import type { Config } from "../../platform/config.ts";

const keys = new Map<string, Promise<CryptoKey>>();

function importKey(secret: string): Promise<CryptoKey> {
  const known =
    keys.get(secret) ??
    crypto.subtle.importKey(
      "raw",
      new TextEncoder().encode(secret),
      { name: "HMAC", hash: "SHA-256" },
      false,
      ["sign"],
    );
  keys.set(secret, known);
  return known;
}

async function hmac(secret: string, text: string): Promise<string> {
  const bytes = await crypto.subtle.sign("HMAC", await importKey(secret), new TextEncoder().encode(text));
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The name of an address key in the suppression list: HMAC-SHA-256 under SUPPRESSION_KEY, as 64 hex digits. */
export function addressHash(config: Pick<Config, "suppressionKey">, addressKey: string): Promise<string> {
  return hmac(config.suppressionKey, `address ${addressKey}`);
}

/** The network of a visitor, as it is kept and counted. */
export function networkHash(config: Pick<Config, "suppressionKey">, network: string): Promise<string> {
  return hmac(config.suppressionKey, `network ${network}`);
}

/** Something that is counted by name without the name being kept. */
export function nameHash(
  config: Pick<Config, "suppressionKey">,
  kind: "folded" | "domain",
  name: string,
): Promise<string> {
  return hmac(config.suppressionKey, `${kind} ${name}`);
}

/** A value that only this SUPPRESSION_KEY gives; kept in D1, so that a changed key is noticed before anything is sent. */
export function suppressionCheck(config: Pick<Config, "suppressionKey">): Promise<string> {
  return hmac(config.suppressionKey, "themepost suppression check");
}
