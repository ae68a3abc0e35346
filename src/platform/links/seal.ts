import { base64Url, fromBase64Url } from "./mac.ts";

const IV_BYTES = 12;
const encoded = (text: string) => new TextEncoder().encode(text);

/** The AES-256-GCM key of a secret for one use, and the key that makes each text its own nonce, by HKDF (RFC 5869). */
async function keysOf(secret: string, use: string) {
  const root = await crypto.subtle.importKey("raw", encoded(secret), "HKDF", false, ["deriveKey"]);
  const how = (what: string) => ({
    ...{ name: "HKDF", hash: "SHA-256", salt: new Uint8Array() },
    info: encoded(`themepost ${use} ${what}`),
  });
  const aes = { name: "AES-GCM", length: 256 };
  const hmac = { name: "HMAC", hash: "SHA-256", length: 256 };
  const [seal, nonce] = await Promise.all([
    crypto.subtle.deriveKey(how("seal"), root, aes, false, ["encrypt", "decrypt"]),
    crypto.subtle.deriveKey(how("nonce"), root, hmac, false, ["sign"]),
  ]);
  return { seal, nonce };
}

/** A text that may stand in an address of ours without being read there, URL-safe. The same text gives the same; the nonce is made of it. */
export async function sealText(secret: string, use: string, text: string): Promise<string> {
  const { seal, nonce } = await keysOf(secret, use);
  const iv = new Uint8Array(await crypto.subtle.sign("HMAC", nonce, encoded(text))).slice(0, IV_BYTES);
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, seal, encoded(text));
  return base64Url(Uint8Array.from([...iv, ...new Uint8Array(sealed)]));
}

/** The text that one of the secrets sealed for this use; null for anything else. */
export async function openSealed(
  secrets: readonly string[],
  use: string,
  sealed: string,
): Promise<string | null> {
  const bytes = fromBase64Url(sealed);
  if (bytes === null || bytes.length <= IV_BYTES) return null;
  for (const secret of secrets) {
    const { seal } = await keysOf(secret, use);
    try {
      const iv = bytes.slice(0, IV_BYTES);
      const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, seal, bytes.slice(IV_BYTES));
      return new TextDecoder().decode(text);
    } catch {
      // Another secret's, or nobody's.
    }
  }
  return null;
}
