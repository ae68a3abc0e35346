/** The languages of forms, pages and mails: each has a folder here. What a folder lacks is said in English. */
export const LANGUAGES = ["en", "de", "fr", "es", "pt", "ar"] as const;

export type Language = (typeof LANGUAGES)[number];

/** What each language calls itself. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  en: "English",
  de: "Deutsch",
  fr: "Français",
  es: "Español",
  pt: "Português",
  ar: "العربية",
};

/** As long as any tag need be (RFC 5646 section 4.4.1). */
const TAG_CHARACTERS_MAX = 35;

/** The language for a BCP 47 tag such as "de-AT", by its first part; English where we do not speak it. */
export function languageOf(tag: string | null | undefined): Language {
  const first = (tag ?? "").slice(0, TAG_CHARACTERS_MAX).trim().toLowerCase().split(/[-_]/)[0];
  return LANGUAGES.find((language) => language === first) ?? "en";
}

/** Of the languages that the web is written in, those from right to left. */
const RIGHT_TO_LEFT: readonly string[] = ["ar", "fa", "he", "ur"];

/** A text in English and whichever other languages it was written in. */
export type Localized = Readonly<Partial<Record<Language, string>>> & { readonly en: string };

/** A text in a language, or in English. */
export function inLanguage(text: Localized, language: Language): string {
  return text[language] ?? text.en;
}

/** The direction in which a language is written. */
export function directionOf(language: Language): "ltr" | "rtl" {
  return RIGHT_TO_LEFT.includes(language) ? "rtl" : "ltr";
}
