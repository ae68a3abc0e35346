import type { SCOPES } from "../../../platform/db/schema/index.ts";
import type { LimitOverrides } from "./limits.ts";

/** A text that visitors agree to, as it was shown. */
export type Wording = {
  readonly version: string;
  readonly text: string;
  /** BCP 47. */
  readonly locale: string;
  /** SHA-256 of the text, as hex. */
  readonly hash: string;
  /** What agreeing to it is for. */
  readonly covers: readonly (typeof SCOPES)[number][];
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
  /** Another one after each change of the above. */
  readonly revision: string;
  readonly wording: Wording;
  /** The key that new forms should carry. */
  readonly formKey: string;
};
