import { base64Url, derivedKey, fromBase64Url } from "./mac.ts";

/** What a link may do. The number is part of every signed link: never reuse or renumber. */
const PURPOSES = {
  confirm: 1,
  unsubscribe: 2,
  preferences: 3,
  partner: 4,
  read: 5,
  erase: 6,
  data: 7,
  back: 8,
  desk: 9,
  test: 10,
} as const;
export type Purpose = keyof typeof PURPOSES;

/**
 * What a link speaks of: a consent (confirm), a delivery (unsubscribe), a subscriber (preferences, data), a partner's link (partner), a
 * rendition (read), an erasure (erase), an enrollment (back), a link into the desk (desk) or a letter that someone at the desk sent themselves (test: its
 * delivery), and until when (epoch ms in whole seconds; null for ever: opt-out links
 * must work for years, rule 2.12). `generation` is the reader's, 0 where none is asked for: what opens a reader's page stops working when
 * theirs is raised.
 */
export type LinkSubject = {
  readonly purpose: Purpose;
  readonly id: number;
  readonly expiresAt: number | null;
  readonly generation: number;
};

/** A link read back: good, past its time (its signature still holds), or not ours. */
export type LinkReading =
  | {
      readonly kind: "valid" | "expired";
      readonly id: number;
      readonly generation: number;
      readonly expiresAt: number | null;
      /** Whether it was signed with a secret that was retired: then its holder may have made it. */
      readonly retired: boolean;
    }
  | { readonly kind: "invalid" };

/** The secrets that links are signed with: the newest first, and those that still open an opt-out and nothing else. */
export type SigningSecrets = {
  readonly signingSecrets: readonly [string, ...string[]];
  readonly optOutSecrets: readonly string[];
};

const HEADER_BYTES = 11;
const MAC_BYTES = 32;
const TOKEN_CHARACTERS = 58;
/** More than a token with whatever may have got into it. */
const CAME_CHARACTERS_MAX = 400;
/** The last generation that a reader can have: it's one byte of a link. */
export const GENERATION_MAX = 255;

/**
 * A URL-safe token of 58 characters: purpose (1 byte), generation (1), id (5), expiry in seconds (4, 0 for none) and the whole
 * HMAC-SHA256 over them, under the purpose's own key. The same subject and secret always give the same token, so a repeated provider call
 * has the same bytes.
 */
export async function signLink(secret: string, subject: LinkSubject): Promise<string> {
  const header = headerOf(subject);
  const key = await derivedKey(secret, subject.purpose);
  const token = new Uint8Array(HEADER_BYTES + MAC_BYTES);
  token.set(header);
  token.set(new Uint8Array(await crypto.subtle.sign("HMAC", key, header)), HEADER_BYTES);
  return base64Url(token);
}

/**
 * The token in what came in its place: mail programs and people leave a full stop, a bracket, a line break or another parameter around,
 * inside or behind it. What isn't of a token's alphabet is passed over, and what comes after its length. It's as short as it came where
 * something is missing.
 */
export function tokenIn(came: string): string {
  return came
    .slice(0, CAME_CHARACTERS_MAX)
    .replaceAll(/[^A-Za-z0-9_-]+/g, "")
    .slice(0, TOKEN_CHARACTERS);
}

/**
 * Reads a token for one purpose. Every secret of the list is tried (newest first), and the comparison is constant-time
 * (WebCrypto verify). A token for another purpose is `invalid`.
 */
export async function readLink(
  { signingSecrets, optOutSecrets }: SigningSecrets,
  purpose: Purpose,
  token: string,
  now: number,
): Promise<LinkReading> {
  const bytes = token.length === TOKEN_CHARACTERS ? fromBase64Url(token) : null;
  if (bytes === null || bytes[0] !== PURPOSES[purpose]) return { kind: "invalid" };
  const header = bytes.subarray(0, HEADER_BYTES);
  const mac = bytes.subarray(HEADER_BYTES);
  const secrets = purpose === "unsubscribe" ? [...signingSecrets, ...optOutSecrets] : signingSecrets;
  for (const secret of secrets) {
    if (await crypto.subtle.verify("HMAC", await derivedKey(secret, purpose), mac, header)) {
      const view = new DataView(header.buffer, header.byteOffset, HEADER_BYTES);
      const expirySeconds = view.getUint32(7);
      return {
        kind: expirySeconds > 0 && now >= expirySeconds * 1000 ? "expired" : "valid",
        id: view.getUint8(2) * 2 ** 32 + view.getUint32(3),
        generation: view.getUint8(1),
        expiresAt: expirySeconds === 0 ? null : expirySeconds * 1000,
        retired: !signingSecrets.includes(secret),
      };
    }
  }
  return { kind: "invalid" };
}

function headerOf(subject: LinkSubject): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(HEADER_BYTES);
  const view = new DataView(header.buffer);
  view.setUint8(0, PURPOSES[subject.purpose]);
  view.setUint8(1, subject.generation);
  view.setUint8(2, Math.floor(subject.id / 2 ** 32));
  view.setUint32(3, subject.id % 2 ** 32);
  view.setUint32(7, subject.expiresAt === null ? 0 : Math.floor(subject.expiresAt / 1000));
  return header;
}
