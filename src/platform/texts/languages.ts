/** The languages of the form that partners embed, and of our pages that it leads to. */
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

/** The direction in which a language is written. */
export function directionOf(language: Language): "ltr" | "rtl" {
  return language === "ar" ? "rtl" : "ltr";
}
