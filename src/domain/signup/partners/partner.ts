import type { SCOPES } from "../../../platform/db/schema/index.ts";
import { LANGUAGES, type Language } from "../../../platform/texts/languages.ts";
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
  /** Whoever joins by its forms gets it; empty for none. */
  readonly tag: string;
  readonly frozen: boolean;
  /** Another one after each change of the above. */
  readonly revision: string;
  /** What its forms show in any language that has no translation. */
  readonly wording: Wording;
  readonly translations: readonly Wording[];
  /** The key that new forms should carry. */
  readonly formKey: string;
};

type Worded = Pick<Partner, "wording" | "translations">;

/** What a partner's form in a language asks its visitors to agree to: in that language, or else as the partner wrote it first. */
export function wordingIn({ wording, translations }: Worded, language: Language): Wording {
  return translations.find(({ locale }) => locale === language) ?? wording;
}

/** Whether a language tag such as de-AT is of a language. */
export function isOf(tag: string, language: Language): boolean {
  return tag.toLowerCase().split("-")[0] === language;
}

/** The languages in which its forms ask in another one. */
export function untranslated(partner: Worded): readonly Language[] {
  return LANGUAGES.filter((language) => !isOf(wordingIn(partner, language).locale, language));
}
