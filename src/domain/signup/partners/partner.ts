import type { LimitOverrides } from "./limits.ts";

/** A text that visitors agree to, as it was shown. */
export type Wording = {
  readonly version: string;
  readonly text: string;
  /** BCP 47. */
  readonly locale: string;
  /** SHA-256 of the text, as hex. */
  readonly hash: string;
};

/** A site that embeds our form. */
export type Partner = {
  readonly partnerId: number;
  readonly slug: string;
  readonly name: string;
  readonly sequenceSlug: string;
  readonly timeZone: string;
  /** Exact origins: scheme, host and port. */
  readonly origins: readonly string[];
  /** Where a visitor may be led afterwards, by id. */
  readonly returnUrls: Readonly<Record<string, string>>;
  readonly limits: LimitOverrides;
  readonly dailyLimit: number | null;
  readonly frozen: boolean;
  readonly wording: Wording;
  /** The key that new forms should carry. */
  readonly formKey: string;
};

/** SHA-256 of a text, as hex: how a wording is named in proofs. */
export async function textHash(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
