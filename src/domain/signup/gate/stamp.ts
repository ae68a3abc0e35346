import { DAY_MS } from "../../../platform/calendar/durations.ts";
import { base64Url, derivedKey, fromBase64Url } from "../../../platform/links/mac.ts";
import { prefixOf } from "./network.ts";

/** A stamp younger than this was not filled in by a person; older than the other, the page was left open for too long. */
export const STAMP_MIN_MS = 2000;
export const STAMP_MAX_MS = DAY_MS;

/**
 * What a stamp is bound to: the form it was made for (empty for our own), the network that asked for it (null where none is
 * known), and the origin that the visitor's first post came from (empty where this is the first).
 */
export type StampBinding = {
  readonly formKey: string;
  readonly network: string | null;
  readonly from: string;
};

/**
 * The binding of a form's stamp. A visitor who presses once more on our page may have changed the network a little since, and where they came
 * from would be lost: their stamp is bound to the wider network around it.
 */
export function stampBinding(form: StampBinding): StampBinding {
  if (form.from === "" || form.network === null) return form;
  return { ...form, network: prefixOf(form.network) };
}

/**
 * A stamp read back. `young` holds but has to wait `waitMs`; `nonce` names the stamp, so that its uses can be counted.
 * `forged` is also one for another form or from another network.
 */
export type StampReading =
  | { readonly kind: "valid"; readonly nonce: string }
  | { readonly kind: "young"; readonly nonce: string; readonly waitMs: number }
  | { readonly kind: "old" }
  | { readonly kind: "forged" }
  | { readonly kind: "missing" };

const HEAD_BYTES = 14;
const MAC_BYTES = 32;
const STAMP = /^[A-Za-z0-9_-]{62}$/;

/** The proof that a form was made by us, when, for whom: time in ms (6 bytes), nonce (8), HMAC-SHA-256 over both and the binding. */
export async function makeStamp(
  secret: string,
  binding: StampBinding,
  at: { readonly wallNow: number; readonly random: string },
): Promise<string> {
  const head = new Uint8Array(HEAD_BYTES);
  const view = new DataView(head.buffer);
  view.setUint16(0, Math.floor(at.wallNow / 2 ** 32));
  view.setUint32(2, at.wallNow % 2 ** 32);
  for (let n = 0; n < 8; n += 1) head[6 + n] = Number.parseInt(at.random.slice(2 * n, 2 * n + 2), 16);
  const mac = await crypto.subtle.sign("HMAC", await derivedKey(secret, "stamp"), signedBytes(head, binding));
  const stamp = new Uint8Array(HEAD_BYTES + MAC_BYTES);
  stamp.set(head);
  stamp.set(new Uint8Array(mac), HEAD_BYTES);
  return base64Url(stamp);
}

/** Reads a stamp; every secret of the list is tried, in constant time each. */
export async function readStamp(
  secrets: readonly string[],
  stamp: string,
  binding: StampBinding,
  wallNow: number,
): Promise<StampReading> {
  if (stamp === "") return { kind: "missing" };
  const bytes = STAMP.test(stamp) ? fromBase64Url(stamp) : null;
  if (bytes === null) return { kind: "forged" };
  const head = bytes.subarray(0, HEAD_BYTES);
  const signed = signedBytes(head, binding);
  for (const secret of secrets) {
    if (
      await crypto.subtle.verify(
        "HMAC",
        await derivedKey(secret, "stamp"),
        bytes.subarray(HEAD_BYTES),
        signed,
      )
    ) {
      const view = new DataView(head.buffer, head.byteOffset, HEAD_BYTES);
      const ageMs = wallNow - (view.getUint16(0) * 2 ** 32 + view.getUint32(2));
      const nonce = base64Url(head);
      if (ageMs > STAMP_MAX_MS) return { kind: "old" };
      return ageMs < STAMP_MIN_MS
        ? { kind: "young", nonce, waitMs: Math.min(STAMP_MIN_MS, STAMP_MIN_MS - ageMs) }
        : { kind: "valid", nonce };
    }
  }
  return { kind: "forged" };
}

function signedBytes(head: Uint8Array, { formKey, network, from }: StampBinding): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(`${JSON.stringify([formKey, network, from])} `);
  const bytes = new Uint8Array(text.length + head.length);
  bytes.set(text);
  bytes.set(head, text.length);
  return bytes;
}
