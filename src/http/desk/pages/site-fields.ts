import { limitsSchema } from "../../../domain/signup/partners/limits.ts";
import type { Partner } from "../../../domain/signup/partners/partner.ts";
import { partnerView } from "../../../domain/signup/partners/partner-view.ts";
import { LANGUAGES, type Language } from "../../../platform/texts/languages.ts";
import type { Fields } from "../desk-page.ts";

/** The limits that a site may have otherwise than the others. */
export const LIMITS = limitsSchema.keyof().options;

/** The field that holds a limit. */
export const limitField = (name: (typeof LIMITS)[number]) => `limit_${name}` as const;

/** The field that holds what visitors agree to on a form in another language. */
export const translationField = (language: Language) => `consent_text_${language}` as const;

/** What the form says of a partner, as partnerSchema takes it: an empty field leaves its part out. */
export function partnerInput(fields: Fields) {
  const text = (name: string) => (fields[name] ?? "").trim().replaceAll("\r\n", "\n");
  const filled = <Value>(pairs: ReadonlyArray<readonly [string, string, (text: string) => Value]>) =>
    Object.fromEntries(
      pairs.filter(([, field]) => text(field) !== "").map(([name, field, of]) => [name, of(text(field))]),
    );
  const lines = text("return_urls")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return {
    name: text("name"),
    origins: text("origins")
      .split(/\s+/)
      .filter((origin) => origin !== ""),
    ...filled([
      ["sequence", "sequence", String],
      ["time_zone", "time_zone", String],
    ]),
    consent_text: text("consent_text"),
    consent_locale: text("consent_locale") || "en",
    consent_translations: filled(LANGUAGES.map((language) => [language, translationField(language), String])),
    return_urls: Object.fromEntries(
      lines.map((line) => {
        const [id = "", ...url] = line.split(/\s+/);
        return [id, url.join(" ")];
      }),
    ),
    daily_limit: text("daily_limit") === "" ? null : Number(text("daily_limit")),
    tag: text("tag"),
    limits: filled(LIMITS.map((name) => [name, limitField(name), Number])),
  };
}

/** A partner as its form shows it. */
export function fieldsOf(partner: Partner): Fields {
  const view = partnerView(partner);
  return {
    name: view.name,
    origins: view.origins.join("\n"),
    sequence: view.sequence,
    time_zone: view.time_zone,
    consent_text: view.consent_text,
    consent_locale: view.consent_locale,
    tag: view.tag,
    daily_limit: view.daily_limit === null ? "" : String(view.daily_limit),
    return_urls: Object.entries(view.return_urls)
      .map(([id, url]) => `${id} ${url}`)
      .join("\n"),
    ...Object.fromEntries(
      LANGUAGES.map((language) => [translationField(language), view.consent_translations[language] ?? ""]),
    ),
    ...Object.fromEntries(LIMITS.map((name) => [limitField(name), String(view.limits[name] ?? "")])),
  };
}
