import * as z from "zod";

/** An instant in an answer: given as epoch milliseconds, answered as ISO 8601 in UTC. */
export const instant = z
  .number()
  .transform((at) => new Date(at).toISOString())
  .pipe(z.string().meta({ format: "date-time" }))
  .meta({ id: "Instant", description: "ISO 8601, in UTC", example: "2026-11-24T08:00:00.000Z" });

/** A row's id, in an answer. */
export const id = z.int();

/** Counts by name. */
export const counts = z
  .record(z.string(), z.int())
  .meta({ id: "Counts", description: "A number for each name" });

/** The name of a sequence or a partner: lower-case words joined by hyphens. */
const slug = z
  .string()
  .max(60)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "must be lower-case words joined by hyphens, up to 60 characters")
  .meta({ id: "Slug", example: "my-letters" });

/** A language tag. */
export const languageTag = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, "must be a language tag such as en or de-AT")
  .meta({ id: "LanguageTag", description: "A language tag (BCP 47)", example: "de-AT" });

/** SHA-256, or a keyed hash, in hex. */
export const hash = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .meta({ id: "Hash", description: "A hash of 256 bits, in hex" });

const numberInPath = z
  .string()
  .regex(/^[1-9][0-9]{0,15}$/)
  .transform(Number)
  .pipe(z.int().min(1))
  .meta({ override: { type: "integer", minimum: 1 } });

/** The parameter of a path that ends in `{id}`. */
export const idPath = z.strictObject({
  id: numberInPath.meta({ description: "The id, as lists show it" }),
});

/** The parameter of a path with a sequence's or partner's `{slug}`. */
export const slugPath = z.strictObject({ slug });

/** A number in a query, between `min` and `max`; `usual` where it's left out. */
export function numberInQuery(min: number, max: number, usual: number) {
  return z
    .string()
    .regex(/^[0-9]{1,16}$/, `must be a number from ${min} to ${max}`)
    .transform(Number)
    .pipe(z.int().min(min).max(max))
    .default(usual)
    .meta({ override: { type: "integer", minimum: min, maximum: max, default: usual } });
}
