import { base64Url, derivedKey, fromBase64Url, sealingKey } from "./mac.ts";

const IV_BYTES = 12;
const encoded = (text: string) => new TextEncoder().encode(text);

/** A text that may stand in an address of ours without being read there, URL-safe. The same text gives the same; the nonce is made of it. */
export async function sealText(secret: string, use: string, text: string): Promise<string> {
  const nonce = await crypto.subtle.sign("HMAC", await derivedKey(secret, `${use} nonce`), encoded(text));
  const iv = new Uint8Array(nonce).slice(0, IV_BYTES);
  const sealed = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv },
    await sealingKey(secret, use),
    encoded(text),
  );
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
    const key = await sealingKey(secret, use);
    try {
      const iv = bytes.slice(0, IV_BYTES);
      const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, bytes.slice(IV_BYTES));
      return new TextDecoder().decode(text);
    } catch {
      // Another secret's, or nobody's.
    }
  }
  return null;
}
