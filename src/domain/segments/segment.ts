import * as z from "zod";
import { isDate } from "../../platform/calendar/slot.ts";
import { LANGUAGES } from "../../platform/texts/languages.ts";
import { tagName } from "../people/tag.ts";

const CONDITIONS_MAX = 12;
const VALUES_MAX = 50;
const DAYS_MAX = 3650;

const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, "must be a short name");
const date = z.string().refine(isDate, "must be a date, such as 2026-12-04");
const days = z.int().min(1).max(DAYS_MAX);
const some = <T extends z.ZodType>(of: T) => z.array(of).min(1).max(VALUES_MAX);
/** Turns a condition round: it's true of those for whom the rest isn't. */
const not = z.literal(true).optional();

/** What can be asked of a reader. A condition with several values is true where one of them is. */
export const conditionSchema = z.discriminatedUnion("field", [
  z.strictObject({
    field: z.literal("state"),
    any_of: some(z.enum(["active", "pending", "unsubscribed"])),
    not,
  }),
  /** When they confirmed for the first time or last, by the site's dates. */
  z.strictObject({ field: z.literal("joined_before"), date, not }),
  z.strictObject({ field: z.literal("joined_within"), days, not }),
  /** The partner that they first came from; `own` for our own pages. */
  z.strictObject({ field: z.literal("source"), any_of: some(slug), not }),
  z.strictObject({ field: z.literal("tag"), any_of: some(tagName), not }),
  /** Their answer to a sequence's question, by its blocks. */
  z.strictObject({ field: z.literal("answer"), sequence: slug, any_of: some(slug), not }),
  /** How they stand in a sequence; without `any_of`, whether they're in it or were. */
  z.strictObject({
    field: z.literal("sequence"),
    sequence: slug,
    any_of: some(z.enum(["active", "paused", "completed", "stopped"])).optional(),
    not,
  }),
  /** Whether they had a letter of a sequence. */
  z.strictObject({ field: z.literal("had_theme"), sequence: slug, any_of: some(slug), not }),
  /** Which letter of a sequence comes next to them, where it goes on or is paused. */
  z.strictObject({ field: z.literal("next_theme"), sequence: slug, any_of: some(slug), not }),
  /** Whether they have a broadcast, by its id. */
  z.strictObject({ field: z.literal("had_broadcast"), any_of: some(z.int().positive()), not }),
  z.strictObject({ field: z.literal("language"), any_of: some(z.enum(LANGUAGES)), not }),
  z.strictObject({ field: z.literal("time_zone"), any_of: some(z.string().min(1).max(60)), not }),
  /** The day (1 is Monday) and the pace in weeks of a sequence that goes on. */
  z.strictObject({ field: z.literal("weekday"), any_of: some(z.int().min(1).max(7)), not }),
  z.strictObject({ field: z.literal("every_weeks"), any_of: some(z.literal([1, 2, 4])), not }),
  /** Whether they left a sequence, broadcasts or everything lately. */
  z.strictObject({ field: z.literal("left_within"), days, not }),
  /** Whether their mailbox was full or slow so often lately. */
  z.strictObject({ field: z.literal("soft_bounces"), at_least: z.int().min(1).max(100), days, not }),
]);

/** A condition on readers. */
export type Condition = z.infer<typeof conditionSchema>;

/** Which readers are meant: all of `all` is true of them, and of `any`, where there is some, one at least. Unknown keys are refused. */
export const segmentSchema = z
  .strictObject({
    all: z.array(conditionSchema).max(CONDITIONS_MAX),
    any: z.array(conditionSchema).max(CONDITIONS_MAX).optional(),
  })
  .meta({ id: "Segment" });
export type Segment = z.infer<typeof segmentSchema>;

/** A segment as it's stored with long work: however many conditions it came to. */
export const storedSegment = z.object({
  all: z.array(conditionSchema),
  any: z.array(conditionSchema).optional(),
});

/** What a saved segment is called. */
export const segmentName = z.string().trim().min(1).max(80);

/** No condition: everyone. Of a broadcast's audience, everyone who agreed to them. */
export const EVERYONE_WHO_AGREED: Segment = { all: [] };
