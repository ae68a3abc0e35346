const keys = new Map<string, Promise<CryptoKey>>();

const HMAC = { name: "HMAC", hash: "SHA-256" } as const;
const encoded = (text: string) => new TextEncoder().encode(text);

/** The key of a name, made once. */
function once(name: string, make: () => Promise<CryptoKey>): Promise<CryptoKey> {
  const key = keys.get(name) ?? make();
  keys.set(name, key);
  return key;
}

/** The HMAC-SHA-256 key of a secret. */
function hmacKey(secret: string): Promise<CryptoKey> {
  return once(secret, () => crypto.subtle.importKey("raw", encoded(secret), HMAC, false, ["sign", "verify"]));
}

/** A key of a secret for one use alone, by HKDF (RFC 5869): none of the keys gives away the secret, or serves for another use. */
function deriveKey(
  secret: string,
  use: string,
  algorithm: { readonly name: string; readonly hash?: string; readonly length: number },
  usages: readonly string[],
): Promise<CryptoKey> {
  return once(`${use} ${secret}`, async () => {
    const root = await crypto.subtle.importKey("raw", encoded(secret), "HKDF", false, ["deriveKey"]);
    const how = {
      name: "HKDF",
      hash: "SHA-256",
      salt: new Uint8Array(),
      info: encoded(`themepost ${use}`),
    };
    return crypto.subtle.deriveKey(how, root, algorithm, false, [...usages]);
  });
}

/** The HMAC-SHA-256 key of a secret for one use alone: what's signed for one use never holds for another. */
export function derivedKey(secret: string, use: string): Promise<CryptoKey> {
  return deriveKey(secret, use, { ...HMAC, length: 256 }, ["sign", "verify"]);
}

/** The AES-256-GCM key of a secret for one use alone. */
export function sealingKey(secret: string, use: string): Promise<CryptoKey> {
  return deriveKey(secret, `${use} seal`, { name: "AES-GCM", length: 256 }, ["encrypt", "decrypt"]);
}

/** HMAC-SHA-256 of a text under a secret, as 64 hex digits. */
export async function hmacHex(secret: string, text: string): Promise<string> {
  return hex(await crypto.subtle.sign("HMAC", await hmacKey(secret), new TextEncoder().encode(text)));
}

/** SHA-256 of a text or of bytes, as 64 hex digits. */
export async function sha256Hex(content: string | Uint8Array<ArrayBuffer>): Promise<string> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return hex(await crypto.subtle.digest("SHA-256", bytes));
}

/** Bytes as lower-case hex, two digits each. */
export function hex(bytes: ArrayBuffer | Uint8Array<ArrayBuffer>): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Bytes as URL-safe base64 without padding (RFC 4648 section 5). */
export function base64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
}

/** The bytes of URL-safe base64 without padding; null for other characters, and for a second spelling of the same bytes. */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | null {
  if (text.length % 4 === 1 || !/^[A-Za-z0-9_-]*$/.test(text)) return null;
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (char) => char.charCodeAt(0));
  return base64Url(bytes) === text ? bytes : null;
}
