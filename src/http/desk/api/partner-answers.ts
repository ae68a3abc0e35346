import * as z from "zod";
import { limitsSchema } from "../../../domain/signup/partners/limits.ts";
import { partnerSchema } from "../../../domain/signup/partners/partner-schema.ts";
import { LANGUAGES } from "../../../platform/texts/languages.ts";
import { hash, id, instant, languageTag } from "../../api/fields.ts";
import { actSchema } from "./acts.ts";

const key = z
  .string()
  .regex(/^fk_[0-9a-f]{32}$/)
  .meta({ id: "Key", description: "A form key: the public name of a partner's form" });

export const formKey = z
  .object({
    key,
    created_at: instant,
    retires_at: instant.nullable().meta({ description: "Null for the current one" }),
  })
  .meta({ id: "FormKey" });

/** What the owner gave is told in the words in which it is asked for. */
function asGiven(field: keyof typeof partnerSchema.shape) {
  return { description: partnerSchema.shape[field].description ?? "" };
}

export const partnerAnswer = z
  .object({
    slug: z.string(),
    name: z.string().meta(asGiven("name")),
    origins: z.array(z.string()).meta(asGiven("origins")),
    test_origins: z.array(z.string()).meta({ description: "The origins that are on this machine" }),
    sequence: z.string().meta(asGiven("sequence")),
    time_zone: z.string().meta(asGiven("time_zone")),
    return_urls: z.record(z.string(), z.string()).meta(asGiven("return_urls")),
    consent_text: z.string().meta(asGiven("consent_text")),
    consent_locale: languageTag,
    consent_translations: z
      .partialRecord(z.enum(LANGUAGES), z.string())
      .meta(asGiven("consent_translations")),
    consent_untranslated: z
      .array(z.enum(LANGUAGES))
      .meta({ description: "The languages in which forms show the consent text in another one" }),
    wording: z.object({
      version: z.string(),
      hash: hash.meta({ description: "SHA-256 of the consent text" }),
    }),
    daily_limit: z.int().nullable().meta(asGiven("daily_limit")),
    tag: z.string().meta(asGiven("tag")),
    limits: limitsSchema,
    frozen: z.boolean().meta(asGiven("frozen")),
    form_key: key,
  })
  .meta({ id: "Partner", description: "A site that embeds our form" });

export const partnerInFull = partnerAnswer
  .extend({
    keys: z.array(formKey).min(1).meta({ description: "The current one first" }),
    wordings: z
      .array(
        z.object({
          version: z.string(),
          text: z.string(),
          locale: languageTag,
          hash,
          first_used_at: instant,
        }),
      )
      .min(1)
      .meta({ description: "Every wording the forms have shown, newest first" }),
    links: z
      .array(z.object({ id, created_at: instant, revoked_at: instant.nullable() }))
      .meta({ description: "To the partner's page, newest first" }),
    changes: z.array(actSchema).max(100).meta({ description: "The last 100 acts on it, newest first" }),
  })
  .meta({ id: "PartnerInFull" });

export const snippets = z
  .object({
    form_key: key,
    lang: z.enum(LANGUAGES),
    script: z
      .object({ url: z.url(), integrity: z.string().regex(/^sha384-[A-Za-z0-9+/]{64}$/) })
      .meta({ description: "The newest version of the element's script" }),
    embeds: z
      .array(
        z.object({
          kind: z.enum(["plain", "element"]),
          html: z.string().meta({ description: "Paste it as it is" }),
          csp: z.string().meta({
            description: "What the page's Content-Security-Policy must allow, if it has one",
          }),
        }),
      )
      .length(2),
  })
  .meta({ id: "Snippets" });

const cell = z.union([z.literal(0), z.literal("<5"), z.int().min(5)]).meta({
  id: "Cell",
  description: "A count; 1 to 4 show as `<5`, to protect readers",
});

export const reportWeek = z
  .object({
    week: z.iso.date().meta({ description: "Its Monday (UTC)" }),
    submitted: cell,
    confirmed: cell,
    active_after_four_weeks: cell.nullable().meta({
      description:
        "Of the people this partner brought first; null until four weeks have passed for all of them",
    }),
    unsubscribed: cell,
    bounced: cell,
    complained: cell,
    refused: cell,
  })
  .meta({
    id: "ReportWeek",
    description:
      "A past week. `submitted` counts sign-ups that got a confirmation, `refused` those turned away; everything else counts people, in the week they signed up and for the partner they first confirmed through",
  });
