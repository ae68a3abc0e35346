import * as z from "zod";
import { isTimeZone } from "../../../platform/calendar/time-zone.ts";
import { tagName } from "../../people/tag.ts";
import { siteLanguage } from "../../site/site-schema.ts";
import { limitsSchema } from "./limits.ts";
import { isOf } from "./partner.ts";

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])$/;

// What the URL parser takes for a host and no name server would, such as a wildcard.
const HOST = /^([a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:]+\])$/;

/** Whether an origin or URL is on this machine: allowed over http, for tests only. */
export function isTestUrl(url: string): boolean {
  return LOOPBACK.test(new URL(url).hostname);
}

const oneLine = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}\p{Cf}]*$/u, "must be one line of plain text");

function webUrl(value: string): URL | null {
  if (/[\p{Cc}\s\\]/u.test(value) || !URL.canParse(value)) return null;
  const url = new URL(value);
  if (url.username !== "" || url.password !== "" || !HOST.test(url.hostname)) return null;
  if (url.protocol === "https:") return url;
  return url.protocol === "http:" && LOOPBACK.test(url.hostname) ? url : null;
}

const origin = z
  .string()
  .max(300)
  .refine((value) => {
    const url = webUrl(value);
    return url !== null && url.origin === value.toLowerCase();
  }, "must be an exact origin such as https://www.example.org, without a path, wildcard or default port (http only for localhost)")
  .transform((value) => value.toLowerCase());

const returnUrl = z
  .string()
  .max(2000)
  .refine(
    (value) => webUrl(value) !== null,
    "must be an https address without a user or password (http only for localhost)",
  )
  .transform((value) => new URL(value).href);

const languageTag = z
  .string()
  .max(35)
  .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, "must be a language tag such as en or de-AT");

const consentText = z
  .string()
  .trim()
  .min(20, "must say what a visitor agrees to")
  .max(2000)
  .regex(/^(?:[^\p{Cc}\u202a-\u202e\u2066-\u2069]|\n)*$/u, "must be plain text without bidi controls");

/** What `PUT /api/v1/admin/partners/{slug}` takes. */
export const partnerSchema = z
  .strictObject({
    name: oneLine(120).meta({ description: "One line" }),
    origins: z
      .array(origin)
      .min(1, "must name at least one origin")
      .max(50)
      .transform((origins) => [...new Set(origins)].sort())
      .meta({
        description:
          "The exact origins whose pages may carry the form, such as https://www.example.org; http only for this machine",
      }),
    sequence: z
      .string()
      .max(100)
      .optional()
      .meta({ description: "A published sequence; the partner's, or the only one, where it's left out" }),
    time_zone: z
      .string()
      .max(100)
      .refine(isTimeZone, "must be an IANA time zone such as Europe/Berlin")
      .optional()
      .meta({ description: "An IANA zone, for visitors whose browser doesn't give one" }),
    return_urls: z
      .record(
        z.string().regex(/^[a-z0-9-]{1,40}$/, "an id is up to 40 lower-case letters, digits and hyphens"),
        returnUrl,
      )
      .refine((urls) => Object.keys(urls).length <= 20, "must be at most 20")
      .default({})
      .meta({
        maxProperties: 20,
        default: {},
        description:
          "Where a plain form can send its visitor afterwards, by id: https addresses (http only for this machine) of up to 2000 characters, at most 20",
      }),
    consent_text: consentText.meta({ description: "What visitors agree to" }),
    consent_locale: languageTag
      .default("en")
      .meta({ description: "The language of the consent text, as a language tag such as de-AT" }),
    consent_translations: z.partialRecord(siteLanguage, consentText).default({}).meta({
      description: "The same for forms in other languages; one without its own shows `consent_text`",
    }),
    daily_limit: z
      .int()
      .min(1)
      .max(100_000)
      .nullable()
      .default(null)
      .meta({ description: "Sign-ups per day; null for no limit" }),
    tag: tagName
      .or(z.literal(""))
      .default("")
      .meta({ description: "A tag that everyone who joins by the forms gets; empty for none" }),
    limits: limitsSchema.default({}),
    /** Where it is left out, it stays as it is: no one unfreezes a partner by fixing its name. */
    frozen: z.boolean().optional().meta({
      description:
        "If true, the forms take no sign-ups and current readers carry on. Left out, it stays as it is (false at first)",
    }),
  })
  .superRefine(({ consent_locale, consent_translations }, ctx) => {
    for (const language of Object.keys(consent_translations)) {
      if (!isOf(consent_locale, siteLanguage.parse(language))) continue;
      ctx.addIssue({
        code: "custom",
        path: ["consent_translations", language],
        message: "is the language of consent_text: say it there",
      });
    }
  })
  .meta({ id: "PartnerInput" });

export type PartnerInput = z.infer<typeof partnerSchema>;

/** What `POST /api/v1/admin/partners/{slug}/rotate-key` takes. */
export const rotationSchema = z.strictObject({
  from: z.string().max(100).optional().meta({
    description: "The key to replace, and only while it's the current one, so it's safe to send this twice",
  }),
  grace_days: z
    .int()
    .min(0)
    .max(365)
    .default(30)
    .meta({ description: "How many days the old key keeps working" }),
});
