import * as z from "zod";
import { ORNAMENTS } from "./ornament.ts";

const slug = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "must be lower-case words joined by hyphens")
  .max(60);

const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1, "must not be empty")
    .max(max)
    .regex(/^\P{Cc}*$/u, "must be one line")
    .regex(/^\P{Co}*$/u, "must not have private-use characters")
    .refine((value) => !value.includes("{{"), "must not have a slot: it's the same for everyone");

const letterSchema = z
  .strictObject({
    slug,
    subject: line(120),
    preheader: line(150),
    // Not trimmed: faults are told by line.
    markdown: z
      .string()
      .max(60_000)
      .refine((value) => value.trim() !== "", "must not be empty"),
    status: z.enum(["published", "draft"]),
    backfill: z
      .boolean()
      .optional()
      .meta({ description: "Whether readers already past its place get it too; they do unless it's false" }),
    ornament: z
      .enum(ORNAMENTS, { error: `must be one of ${ORNAMENTS.join(", ")}` })
      .optional()
      .meta({ description: "The name of a drawing in emails/ornaments, shown above the heading" }),
  })
  .meta({ id: "LetterInput" });

/** The body of PUT /api/v1/admin/sequences/{slug}. */
export const publicationSchema = z
  .strictObject({
    title: line(80),
    welcome: letterSchema.extend({ status: z.literal("published", { error: "must be published" }) }),
    steps: z.array(letterSchema).min(1, "must have at least one letter").max(260),
    resume: z.boolean().optional().meta({
      description: "Readers who had every letter carry on with the ones they haven't had",
    }),
  })
  .meta({ id: "Publication" });

export type Letter = z.infer<typeof letterSchema>;
export type Publication = z.infer<typeof publicationSchema>;
