/** The languages of the form that partners embed, and of our pages that it leads to. */
export const LANGUAGES = ["en", "de", "fr", "es", "pt", "ar"];
/** What each language calls itself. */
export const LANGUAGE_NAMES = {
  en: "English",
  de: "Deutsch",
  fr: "Français",
  es: "Español",
  pt: "Português",
  ar: "العربية",
};
/** The language for a BCP 47 tag such as "de-AT", by its first part; English where we do not speak it. */
export function languageOf(tag) {
  const first = (tag ?? "").trim().toLowerCase().split(/[-_]/)[0];
  return LANGUAGES.find((language) => language === first) ?? "en";
}
/** The direction in which a language is written. */
export function directionOf(language) {
  return language === "ar" ? "rtl" : "ltr";
}
