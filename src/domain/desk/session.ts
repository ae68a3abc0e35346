import { DAY_MS, HOUR_MS } from "../../platform/calendar/durations.ts";
import { derivedKey, hex, sha256Hex } from "../../platform/links/mac.ts";

/** So long after its last use a session ends. */
export const SESSION_IDLE_MS = 12 * HOUR_MS;
/** So long after its beginning it ends in any case. */
export const SESSION_LIFE_MS = 7 * DAY_MS;
/** A use is noted at most this often. */
const NOTED_EVERY_MS = 10 * 60_000;
/** So long a link into the desk works, and what it opened is fresh proof. */
export const FRESH_MS = 10 * 60_000;

/** A session as the database keeps it. */
export type Session = { readonly createdAt: number; readonly lastUsedAt: number };

/** Whether a session still opens the desk at a moment of real time. */
export function isOpen({ createdAt, lastUsedAt }: Session, wallNow: number): boolean {
  return wallNow < createdAt + SESSION_LIFE_MS && wallNow < lastUsedAt + SESSION_IDLE_MS;
}

/** Whether it's proof of who is there, for what asks for it: it was opened a moment ago. */
export function isFresh({ createdAt }: Session, wallNow: number): boolean {
  return wallNow < createdAt + FRESH_MS;
}

/** Whether a use is to be noted: at most every ten minutes, so that looking at pages writes next to nothing. */
export function isToBeNoted({ lastUsedAt }: Session, wallNow: number): boolean {
  return lastUsedAt < wallNow - NOTED_EVERY_MS;
}

/** What a cookie holds, as it came: when it ends at the latest, and the session's secret. */
export type SessionCookie = { readonly endsAt: number; readonly secret: string; readonly idHash: string };

const COOKIE = /^([0-9a-z]{1,10})\.([0-9a-f]{64})\.([0-9a-f]{64})$/;

/**
 * The value of the cookie of a session with this secret (64 hex digits). It's signed, so that a made-up one costs no look into the database,
 * and so that sending can be stopped while the database is away.
 */
export async function sessionCookie(
  signingSecret: string,
  { endsAt, secret }: Pick<SessionCookie, "endsAt" | "secret">,
): Promise<string> {
  const ends = Math.floor(endsAt).toString(36);
  return `${ends}.${secret}.${await macOf(signingSecret, `${ends}.${secret}`)}`;
}

/** A cookie read back; null for one that isn't ours or whose time is over. */
export async function readSessionCookie(
  signingSecrets: readonly string[],
  value: string,
  wallNow: number,
): Promise<SessionCookie | null> {
  const [, ends = "", secret = "", mac = ""] = COOKIE.exec(value) ?? [];
  const endsAt = Number.parseInt(ends, 36);
  if (mac === "" || !(wallNow < endsAt)) return null;
  for (const signingSecret of signingSecrets) {
    if (await isMacOf(signingSecret, `${ends}.${secret}`, mac))
      return { endsAt, secret, idHash: await sha256Hex(secret) };
  }
  return null;
}

/**
 * What a form of the desk carries to show that it's one of ours: made for whoever it was shown to (`to`: a session's hash, or an address that Access
 * gave) and good for two days (UTC).
 */
export async function formToken(signingSecret: string, to: string, day: number): Promise<string> {
  return macOf(signingSecret, `form ${day} ${to}`);
}

/** Whether a form carries the token made for whoever sends it, on that day. */
export async function isFormToken(
  signingSecret: string,
  to: string,
  day: number,
  given: string,
): Promise<boolean> {
  return isMacOf(signingSecret, `form ${day} ${to}`, given);
}

/** Compared in constant time (WebCrypto verify). */
async function isMacOf(signingSecret: string, text: string, mac: string): Promise<boolean> {
  if (!/^[0-9a-f]{64}$/.test(mac)) return false;
  const bytes = Uint8Array.from(mac.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));
  const key = await derivedKey(signingSecret, "desk");
  return crypto.subtle.verify("HMAC", key, bytes, new TextEncoder().encode(text));
}

async function macOf(signingSecret: string, text: string): Promise<string> {
  const key = await derivedKey(signingSecret, "desk");
  return hex(await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(text)));
}
