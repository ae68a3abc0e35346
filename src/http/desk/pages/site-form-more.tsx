import { DEFAULT_LIMITS } from "../../../domain/signup/partners/limits.ts";
import { directionOf, LANGUAGE_NAMES, LANGUAGES } from "../../../platform/texts/languages.ts";
import { AreaField, Field } from "../../ui/field.tsx";
import { say } from "../../ui/say.ts";
import { LIMITS, limitField, translationField } from "./site-fields.ts";

/** What holds where a site says nothing else. */
const USUAL = {
  posts_per_network_hour: DEFAULT_LIMITS.postsPerNetworkHour,
  posts_per_network_day: DEFAULT_LIMITS.postsPerNetworkDay,
  mails_per_domain_hour: DEFAULT_LIMITS.mailsPerDomainHour,
  mails_per_domain_day: DEFAULT_LIMITS.mailsPerDomainDay,
  mails_per_partner_hour: null,
} as const satisfies Record<(typeof LIMITS)[number], number | null>;

/** What few sites need: other languages, where a plain form leads to, a zone, limits of their own. `open` shows it at once. */
export function SiteFormMore({
  value,
  open,
}: {
  readonly value: (name: string) => string;
  readonly open: boolean;
}) {
  return (
    <details open={open}>
      <summary>{say("desk.sites.more")}</summary>
      <fieldset>
        <legend>{say("desk.sites.translations")}</legend>
        <p class="hint">{say("desk.sites.translationsLead")}</p>
        {LANGUAGES.map((language) => (
          <AreaField
            id={translationField(language)}
            name={translationField(language)}
            label={say("desk.sites.inLanguage", { language: LANGUAGE_NAMES[language] })}
            value={value(translationField(language))}
            attributes={{ rows: 2, maxlength: 2000, lang: language, dir: directionOf(language) }}
          />
        ))}
      </fieldset>
      <AreaField
        id="return_urls"
        name="return_urls"
        label={say("desk.sites.field.return_urls")}
        hint={say("desk.sites.hint.return_urls")}
        value={value("return_urls")}
        attributes={{ rows: 2, maxlength: 45_000, spellcheck: "false" }}
      />
      <Field
        id="time_zone"
        name="time_zone"
        label={say("desk.sites.field.time_zone")}
        hint={say("desk.sites.hint.time_zone")}
        value={value("time_zone")}
        attributes={{ type: "text", autocomplete: "off", maxlength: "100" }}
      />
      <fieldset>
        <legend>{say("desk.sites.limits")}</legend>
        <p class="hint">{say("desk.sites.limitsLead")}</p>
        {LIMITS.map((name) => (
          <Field
            id={limitField(name)}
            name={limitField(name)}
            label={say(`desk.sites.limit.${name}`)}
            hint={say("desk.sites.usually", { limit: String(USUAL[name] ?? "none") })}
            value={value(limitField(name))}
            attributes={{ type: "text", inputmode: "numeric", autocomplete: "off", maxlength: "7" }}
          />
        ))}
      </fieldset>
    </details>
  );
}
