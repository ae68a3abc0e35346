import * as z from "zod";
import { EVERY_WEEKS } from "../../platform/calendar/slot.ts";
import type { ReaderQuestion, SequenceSettings } from "../../platform/db/schema/index.ts";
import {
  force,
  origin,
  plainLine,
  plainText,
  siteLanguage,
  weeklyHour,
  writtenHour,
} from "../site/site-schema.ts";
import { ORNAMENTS } from "./ornament.ts";
import { KEPT_BLOCKS } from "./parse-letter.ts";

const slug = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "must be lower-case words joined by hyphens")
  .max(60);

const letterSchema = z
  .strictObject({
    slug,
    subject: plainLine(120),
    preheader: plainLine(150),
    // Not trimmed: faults are told by line.
    markdown: z
      .string()
      .max(60_000)
      .refine((value) => value.trim() !== "", "must not be empty"),
    status: z.enum(["published", "draft"]),
    backfill: z
      .boolean()
      .optional()
      .meta({ description: "Whether readers who are past its place get it, too (they do)" }),
    ornament: z
      .enum(ORNAMENTS, { error: `must be one of ${ORNAMENTS.join(", ")}` })
      .optional()
      .meta({ description: "The name of a drawing of emails/ornaments, shown above the heading" }),
  })
  .meta({ id: "LetterInput" });

const question = z
  .strictObject({
    name: plainLine(60).meta({ description: "What the answer is called, on the page of a reader's data" }),
    text: plainLine(160).meta({ description: "The question itself" }),
    hint: plainLine(160).optional(),
    choices: z
      .array(
        z.strictObject({
          block: slug
            .refine((name) => !KEPT_BLOCKS.includes(name), "is a block that every letter may have")
            .meta({ description: "The block in Markdown that this answer chooses, written :::block" }),
          label: plainLine(80),
          heading: plainLine(120).meta({ description: "Stands above the block" }),
        }),
      )
      .min(2, "must have two choices at least")
      .max(12),
  })
  .superRefine(({ choices }, ctx) => {
    choices.forEach(({ block }, place) => {
      if (choices.findIndex((choice) => choice.block === block) < place)
        ctx.addIssue({ code: "custom", path: ["choices", place, "block"], message: "is used twice" });
    });
  })
  .meta({ id: "ReaderQuestion" });

/** What a publication says of the sequence itself besides title and language. What's left out has the usual value. */
export const sequenceFields = {
  tagline: plainLine(120).optional(),
  description: plainText(600).optional().meta({ description: "For the sequence's page" }),
  slot: weeklyHour.optional().meta({ description: "The site's where it's left out" }),
  every_weeks: z.literal([...EVERY_WEEKS]).optional(),
  first_letter: z
    .enum(["at_once", "in_slot"])
    .optional()
    .meta({ description: "Whether the first letter comes with the welcome, or in the first slot" }),
  sender: z
    .strictObject({
      name: plainLine(80).optional(),
      reply_to: z
        .string()
        .max(254)
        .regex(/^[^<>\s@]+@[^<>\s@]+$/, "must be an address")
        .optional(),
    })
    .optional(),
  question: question.optional(),
  next: slug.optional().meta({ description: "The sequence that's offered after the last letter" }),
  words: z
    .strictObject({ confirmation: plainText(400).optional(), welcome_back: plainText(400).optional() })
    .optional()
    .meta({
      description:
        "The owner's words above ours, in the sequence's language: when someone is asked to confirm, and when they come back. No advertising: before a confirmation the law allows none",
    }),
};

/** A sequence without its letters. */
export const settingsSchema = z.strictObject({
  title: plainLine(80),
  language: siteLanguage,
  ...sequenceFields,
});

/** The body of PUT /api/v1/admin/sequences/{slug}. */
export const publicationSchema = z
  .strictObject({
    title: plainLine(80),
    language: siteLanguage.optional().meta({ description: "The site's where it's left out" }),
    ...sequenceFields,
    welcome: letterSchema.extend({ status: z.literal("published", { error: "must be published" }) }),
    steps: z.array(letterSchema).min(1, "must have at least one letter").max(260),
    origin,
    force,
    resume: z.boolean().optional().meta({
      description: "Readers who had everything go on with what they lack now",
    }),
  })
  .meta({ id: "Publication" });

export type Letter = z.infer<typeof letterSchema>;
export type Publication = z.infer<typeof publicationSchema>;

/** Stored settings as a publication writes them; what has the usual value is left out. */
export function writtenSettings(settings: SequenceSettings) {
  const {
    tagline,
    description,
    slot,
    everyWeeks,
    firstLetter,
    senderName,
    replyTo,
    question: asked,
    next,
    words,
  } = settings;
  const own = {
    ...(words === undefined || words.confirmation === "" ? {} : { confirmation: words.confirmation }),
    ...(words === undefined || words.welcomeBack === "" ? {} : { welcome_back: words.welcomeBack }),
  };
  const sender = {
    ...(senderName === null ? {} : { name: senderName }),
    ...(replyTo === null ? {} : { reply_to: replyTo }),
  };
  return {
    ...(tagline === "" ? {} : { tagline }),
    ...(description === "" ? {} : { description }),
    ...(slot === null ? {} : { slot: writtenHour(slot) }),
    ...(everyWeeks === 1 ? {} : { every_weeks: everyWeeks }),
    ...(firstLetter === "in_slot" ? {} : { first_letter: firstLetter }),
    ...(Object.keys(sender).length === 0 ? {} : { sender }),
    ...(asked === null ? {} : { question: writtenQuestion(asked) }),
    ...(next === null ? {} : { next }),
    ...(Object.keys(own).length === 0 ? {} : { words: own }),
  };
}

function writtenQuestion({ name, text, hint, choices }: ReaderQuestion) {
  return { name, text, ...(hint === "" ? {} : { hint }), choices: choices.map((choice) => ({ ...choice })) };
}

/** The settings of a publication as they're stored. */
export function settingsOf(
  publication: Omit<z.infer<typeof settingsSchema>, "title" | "language">,
): SequenceSettings {
  const { tagline, description, slot, every_weeks, first_letter, sender, next, words } = publication;
  return {
    tagline: tagline ?? "",
    description: description ?? "",
    slot: slot ?? null,
    everyWeeks: every_weeks ?? 1,
    firstLetter: first_letter ?? "in_slot",
    senderName: sender?.name ?? null,
    replyTo: sender?.reply_to ?? null,
    question:
      publication.question === undefined
        ? null
        : { ...publication.question, hint: publication.question.hint ?? "" },
    next: next ?? null,
    ...(words === undefined
      ? {}
      : { words: { confirmation: words.confirmation ?? "", welcomeBack: words.welcome_back ?? "" } }),
  };
}
