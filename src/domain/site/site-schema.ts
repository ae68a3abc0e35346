import * as z from "zod";
import { isTimeZone } from "../../platform/calendar/time-zone.ts";
import { ORIGINS, SCOPES, type WeeklyHour } from "../../platform/db/schema/index.ts";
import { nearestLegible } from "../../platform/look/look.ts";
import { LANGUAGES } from "../../platform/texts/languages.ts";

/** Weekdays as files and the API name them, Monday first. */
export const WEEKDAYS = [
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
] as const;

/** One line of plain text, trimmed, of up to `max` characters. */
export const plainLine = (max: number) =>
  z
    .string()
    .trim()
    .min(1, "must not be empty")
    .max(max)
    .regex(/^\P{Cc}*$/u, "must be one line")
    .regex(/^\P{Co}*$/u, "must hold no private-use characters")
    .refine((value) => !value.includes("{{"), "must hold no slot: it's the same for everyone");

/** Plain text of up to `max` characters, with line breaks. */
export const plainText = (max: number) =>
  z
    .string()
    .trim()
    .min(1, "must not be empty")
    .max(max)
    .regex(/^[\P{Cc}\n]*$/u, "must be plain text")
    .regex(/^\P{Co}*$/u, "must hold no private-use characters");

/** A weekday by its name and an hour, as they're written; read as `WeeklyHour`. */
export const weeklyHour = z
  .strictObject({
    weekday: z.enum(WEEKDAYS),
    hour: z.int().min(0).max(23),
  })
  .transform(({ weekday, hour }) => ({ weekday: WEEKDAYS.indexOf(weekday) + 1, hour }))
  .meta({ id: "WeeklyHour", override: { type: "object", description: "A weekday and an hour, 0 to 23" } });

/** The same as it's written. */
export function writtenHour({ weekday, hour }: WeeklyHour) {
  return { weekday: WEEKDAYS[weekday - 1] ?? WEEKDAYS[0], hour };
}

/** A language that pages and mails are written in. */
export const siteLanguage = z.enum(LANGUAGES).meta({ id: "SiteLanguage" });

/** The name of a stored picture. */
const pictureName = z
  .string()
  .regex(/^[0-9a-f]{32}\.(png|jpg)$/, "must be the name of a picture that was added")
  .meta({ id: "PictureName" });

const accent = z
  .string()
  .regex(/^#[0-9a-fA-F]{6}$/, "must be a colour such as #2f6b45")
  .transform((value) => value.toLowerCase())
  .superRefine((value, ctx) => {
    if (!/^#[0-9a-f]{6}$/.test(value)) return;
    const nearest = nearestLegible(value);
    if (nearest === null) return;
    ctx.addIssue({
      code: "custom",
      message: "is too light to read on the page and behind white words",
      params: {
        rule: "accent-contrast",
        fix: `Use ${nearest}, the nearest colour that passes, or a darker one.`,
      },
    });
  });

/** A text that may be left out or empty: then the page does without it, or has a default. */
const optional = (text: z.ZodString | z.ZodType<string>) => z.union([z.literal(""), text]).default("");

/** The body of PUT /api/v1/admin/site. */
export const siteSchema = z
  .strictObject({
    name: plainLine(80).meta({ description: "What the publication is called" }),
    tagline: optional(plainLine(120)).meta({ description: "One line below the name" }),
    author: z
      .strictObject({
        name: plainLine(80),
        line: optional(plainLine(160)).meta({ description: "Who they are, in one line" }),
        sign_off: optional(plainText(200)).meta({ description: "What letters end with" }),
        picture: pictureName.optional(),
      })
      .optional()
      .meta({ description: "Who writes; without one, letters aren't signed" }),
    accent: accent.default("#24615a").meta({ description: "The one colour of pages and letters" }),
    language: siteLanguage.default("en"),
    time_zone: z
      .string()
      .refine(isTimeZone, "must be an IANA time zone such as Europe/Berlin")
      .meta({ description: "For readers whose browser doesn't say theirs" }),
    slot: weeklyHour.meta({ description: "When letters come unless the reader chooses otherwise" }),
    hero: z
      .strictObject({
        over: optional(plainLine(80)),
        heading: optional(plainLine(120)),
        lead: optional(plainText(600)),
      })
      .default({ over: "", heading: "", lead: "" })
      .meta({ description: "The top of the home page" }),
    questions: z
      .array(
        z.strictObject({
          question: plainLine(160),
          answer: z.string().max(4000).meta({ description: "Markdown" }),
        }),
      )
      .max(40)
      .default([])
      .meta({ description: "Questions people ask, with answers" }),
    owner: z
      .strictObject({
        name: plainLine(120),
        address: plainLine(300).meta({
          description: "A postal address: the law asks for one in each letter",
        }),
      })
      .meta({ description: "Who publishes, as each letter says" }),
    consent: z
      .strictObject({
        texts: z
          .partialRecord(siteLanguage, plainText(2000))
          .default({})
          .meta({ description: "The exact words, by language; a language without any has ours" }),
        covers: z
          .array(z.enum(SCOPES))
          .refine(
            (covers) => covers.includes("sequence"),
            "must include sequence: that's what people sign up for",
          )
          .default(["sequence"]),
      })
      .default({ texts: {}, covers: ["sequence"] })
      .meta({ description: "What people agree to by signing up on our own pages, and what it's for" }),
    archive: z
      .union([z.literal("off"), z.int().min(0).max(260)])
      .default(1)
      .meta({ description: "How many letters of a sequence anyone may read in full, or off" }),
  })
  .meta({ id: "SiteInput" });

/** Where an edition comes from, as its publication says. */
export const origin = z.enum(ORIGINS).default("api").meta({
  description:
    "Where this edition comes from. One from files never replaces one made at the desk, unless forced",
});

/** Whether to replace an edition that was made elsewhere. */
export const force = z
  .boolean()
  .default(false)
  .meta({ description: "Replaces an edition all the same that was made elsewhere" });

/** A site as its publication brings it, parsed. */
export type SiteInput = z.infer<typeof siteSchema>;
