import { base64Url, fromBase64Url, hmacKey } from "./mac.ts";

/** What a link may do. The number is part of every signed link: never reuse or renumber. */
const PURPOSES = { confirm: 1, unsubscribe: 2, preferences: 3, partner: 4, read: 5, erase: 6 } as const;
export type Purpose = keyof typeof PURPOSES;

/**
 * What a link speaks of: a consent (confirm), a delivery (unsubscribe), a subscriber (preferences), a partner's link (partner), a
 * rendition (read) or an erasure (erase), and until when
 * (epoch ms in whole seconds; null for ever: opt-out links must work for years, rule 2.12).
 */
export type LinkSubject = {
  readonly purpose: Purpose;
  readonly id: number;
  readonly expiresAt: number | null;
};

/** A link read back: good, past its time (its signature still holds), or not ours. */
export type LinkReading =
  | { readonly kind: "valid"; readonly id: number }
  | { readonly kind: "expired"; readonly id: number }
  | { readonly kind: "invalid" };

const HEADER_BYTES = 11;
const MAC_BYTES = 32;
const TOKEN = /^[A-Za-z0-9_-]{58}$/;

/**
 * A URL-safe token of 58 characters: purpose (1 byte), id (6), expiry in seconds (4, 0 for none) and the whole
 * HMAC-SHA256 over them. The same subject and secret always give the same token, so a repeated provider call has the
 * same bytes.
 */
export async function signLink(secret: string, subject: LinkSubject): Promise<string> {
  const header = headerOf(subject);
  const mac = new Uint8Array(await crypto.subtle.sign("HMAC", await hmacKey(secret), header));
  const token = new Uint8Array(HEADER_BYTES + MAC_BYTES);
  token.set(header);
  token.set(mac, HEADER_BYTES);
  return base64Url(token);
}

/**
 * Reads a token for one purpose. Every secret of the list is tried (newest first), and the comparison is constant-time
 * (WebCrypto verify). A token for another purpose is `invalid`.
 */
export async function readLink(
  secrets: readonly string[],
  purpose: Purpose,
  token: string,
  now: number,
): Promise<LinkReading> {
  const bytes = fromToken(token);
  if (bytes === null || bytes[0] !== PURPOSES[purpose]) {
    return { kind: "invalid" };
  }
  const header = bytes.subarray(0, HEADER_BYTES);
  const mac = bytes.subarray(HEADER_BYTES);
  for (const secret of secrets) {
    if (await crypto.subtle.verify("HMAC", await hmacKey(secret), mac, header)) {
      const view = new DataView(header.buffer, header.byteOffset, HEADER_BYTES);
      const id = view.getUint16(1) * 2 ** 32 + view.getUint32(3);
      const expirySeconds = view.getUint32(7);
      return { kind: expirySeconds > 0 && now >= expirySeconds * 1000 ? "expired" : "valid", id };
    }
  }
  return { kind: "invalid" };
}

function headerOf(subject: LinkSubject): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(HEADER_BYTES);
  const view = new DataView(header.buffer);
  view.setUint8(0, PURPOSES[subject.purpose]);
  view.setUint16(1, Math.floor(subject.id / 2 ** 32));
  view.setUint32(3, subject.id % 2 ** 32);
  view.setUint32(7, subject.expiresAt === null ? 0 : Math.floor(subject.expiresAt / 1000));
  return header;
}

function fromToken(text: string): Uint8Array<ArrayBuffer> | null {
  return TOKEN.test(text) ? fromBase64Url(text) : null;
}
