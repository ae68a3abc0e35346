import { type Partner, untranslated } from "./partner.ts";
import { isTestUrl } from "./partner-schema.ts";

/** A partner as the admin API shows it. */
export function partnerView(partner: Partner) {
  const { slug, name, origins, wording, translations } = partner;
  return {
    slug,
    name,
    origins,
    test_origins: origins.filter(isTestUrl),
    sequence: partner.sequenceSlug,
    time_zone: partner.timeZone,
    return_urls: partner.returnUrls,
    consent_text: wording.text,
    consent_locale: wording.locale,
    consent_translations: Object.fromEntries(translations.map(({ locale, text }) => [locale, text])),
    consent_untranslated: untranslated(partner),
    wording: { version: wording.version, hash: wording.hash },
    daily_limit: partner.dailyLimit,
    tag: partner.tag,
    limits: partner.limits,
    frozen: partner.frozen,
    form_key: partner.formKey,
  };
}
