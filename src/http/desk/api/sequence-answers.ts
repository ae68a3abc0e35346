import * as z from "zod";
import { sequenceFields } from "../../../domain/letters/letter-schema.ts";
import { ORIGINS } from "../../../domain/site/origin.ts";
import { siteLanguage, WEEKDAYS } from "../../../domain/site/site-schema.ts";
import { faultSchema } from "../../api/faults.ts";
import { instant } from "../../api/fields.ts";

export const letterFault = faultSchema
  .extend({
    field: z.string().meta({
      description: "Its path in the publication; empty for the whole",
      example: "steps.3.markdown",
    }),
    rule: z.string().meta({ description: "The stable name of the rule", example: "preheader-length" }),
    fix: z.string().meta({ description: "What to do about it" }),
    letter: z
      .string()
      .nullable()
      .meta({ description: "The slug of the letter; null for the sequence as a whole" }),
    line: z.int().nullable().meta({ description: "Counts from 1 in the letter's Markdown" }),
    severity: z.enum(["refuse", "warn"]),
  })
  .meta({ id: "LetterFault", description: "A rule the letter breaks, and where" });

export const warnings = z
  .array(letterFault)
  .optional()
  .meta({ description: "What could be better; none of it stops the publication" });

export const stepChange = z
  .object({ slug: z.string(), change: z.enum(["new", "changed", "unchanged", "moved", "archived"]) })
  .meta({ id: "StepChange" });

const letter = z.object({
  slug: z.string(),
  subject: z.string(),
  preheader: z.string(),
  markdown: z.string(),
  status: z.enum(["published", "draft"]),
  backfill: z.boolean().optional().meta({ description: "Whether readers already past its place get it too" }),
  ornament: z
    .string()
    .optional()
    .meta({ description: "The name of a drawing in emails/ornaments, shown above the heading" }),
});

const summary = z.object({
  slug: z.string(),
  title: z.string(),
  language: siteLanguage,
  origin: z.enum(ORIGINS).meta({ description: "Where this edition came from" }),
  version: z.int().meta({ description: "Grows with each publication that changes something" }),
  published_at: instant,
  archived_at: instant
    .nullable()
    .meta({ description: "When it closed to new readers; null while it's open" }),
});

export const listed = summary.extend({ steps: z.int() }).meta({ id: "SequenceSummary" });

export const sequenceSchema = summary
  .extend({
    ...sequenceFields,
    slot: z.object({ weekday: z.enum(WEEKDAYS), hour: z.int() }).optional(),
    welcome: letter.nullable().meta({
      description:
        "The letter that greets a new reader; null if it was published before its text was kept: publish it again",
    }),
    steps: z.array(letter).meta({ description: "The letters in order, as written" }),
  })
  .meta({
    id: "Sequence",
    description: "A sequence as written: `title`, `welcome` and `steps` can be published again",
  });
