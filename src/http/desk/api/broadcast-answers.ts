import * as z from "zod";
import { BROADCAST_STATES, ON_THEME_DAYS } from "../../../domain/broadcasts/broadcast.ts";
import type { BroadcastProgress } from "../../../domain/broadcasts/numbers.ts";
import type { Outlook } from "../../../domain/broadcasts/outlook.ts";
import type { Broadcast } from "../../../domain/broadcasts/queries/broadcasts.ts";
import type { Audience } from "../../../domain/jobs/count-audience.ts";
import type { DraftedLetter } from "../../../domain/letters/draft.ts";
import { type Segment, segmentSchema } from "../../../domain/segments/segment.ts";
import { LANGUAGES } from "../../../platform/texts/languages.ts";
import { counts, id, instant } from "../../api/fields.ts";

const hour = z.int().min(0).max(23);
const date = z.iso.date();

/** When a broadcast leaves, as it's sent to us. */
const timeInput = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("now") }),
    z.strictObject({ kind: z.literal("at"), at: z.iso.datetime() }),
    z.strictObject({
      kind: z.literal("clock"),
      date,
      hour,
      passed: z
        .enum(["today", "tomorrow"])
        .meta({ description: "Where that hour has passed: at once, or a day later at that hour" }),
    }),
  ])
  .meta({
    id: "BroadcastTime",
    description: "As soon as its hold is over, at an instant, or at an hour of each reader's own clock",
  });

/** A broadcast as it's written. */
export const broadcastInput = z
  .strictObject({
    language: z.enum(LANGUAGES),
    from_name: z.string().max(80).default("").meta({ description: "Empty for the site's name" }),
    subject: z.string().max(200),
    preheader: z.string().max(300).default(""),
    markdown: z.string().max(60_000),
    audience: segmentSchema.nullable().default(null).meta({
      description:
        'Who gets it of those who agreed to broadcasts. There\'s no usual one: null is nobody yet, and `{"all": []}` everyone',
    }),
    segment_id: id.nullable().default(null).meta({
      description: "In place of `audience`, the saved segment that it's for, as that is when it's scheduled",
    }),
    time: timeInput.nullable().default(null),
    on_theme_days: z.enum(ON_THEME_DAYS).default("move").meta({
      description:
        "On a day with a theme: it moves to the next day without one, leaves the reader out, or comes all the same",
    }),
    hold_minutes: z.int().min(0).max(60).default(10),
    is_public: z.boolean().default(false).meta({
      description:
        "Whether anyone may read it at `/news/{id}`, and in the feed of those, from when it leaves",
    }),
  })
  .meta({ id: "BroadcastInput" });

const timeAnswer = z
  .union([
    z.object({ kind: z.literal("now") }),
    z.object({ kind: z.literal("at"), at: instant }),
    z.object({ kind: z.literal("clock"), date: z.string(), hour, passed: z.enum(["today", "tomorrow"]) }),
  ])
  .nullable();

const numbers = z
  .object({
    people: z.int().meta({ description: "Those who were locked: the others add up to it" }),
    accepted: z.int(),
    skipped: counts.meta({ description: "By reason" }),
    failed: z.int(),
    held: z.int(),
    uncertain: z.int(),
    waiting: z.int().meta({ description: "Still to leave" }),
    under_way: z.int().meta({ description: "Of those that wait, in a call at this moment" }),
    next_at: instant
      .nullable()
      .meta({ description: "When the next of those leaves who wait for their hour; null where none does" }),
  })
  .meta({ id: "BroadcastNumbers" });

const progress = z
  .object({
    people: z.int().meta({ description: "How many it's for" }),
    settled: z.int().meta({ description: "For how many of them that's done, about" }),
    counted_at: instant.nullable().meta({ description: "When `numbers` were counted; null for just now" }),
    counting: z.object({ done: z.int(), total: z.int() }).nullable(),
  })
  .meta({ id: "BroadcastProgress" });

/** A broadcast in an answer. */
export const broadcastAnswer = z
  .object({
    id,
    state: z.enum(BROADCAST_STATES),
    reason: z.string().nullable().meta({ description: "Why it's held" }),
    language: z.enum(LANGUAGES),
    from_name: z.string(),
    subject: z.string(),
    preheader: z.string(),
    markdown: z.string(),
    audience: segmentSchema.nullable(),
    segment_id: id.nullable(),
    time: timeAnswer,
    on_theme_days: z.enum(ON_THEME_DAYS),
    hold_minutes: z.int(),
    is_public: z.boolean(),
    locks_at: instant.nullable(),
    locked_at: instant.nullable(),
    ended_at: instant.nullable(),
    created_at: instant,
    progress: progress.nullable().meta({ description: "Null before it's locked, and in lists" }),
    numbers: numbers.nullable().meta({
      description:
        "Null before it's locked, in lists, and of one that's for many people until it was counted, which happens when it ends",
    }),
  })
  .meta({ id: "Broadcast" });

/** Who would get one now. */
export const forecastAnswer = z
  .object({
    matching: z.int().meta({ description: "Readers whom the segment is true of, in any state" }),
    people: z.int().meta({ description: "Those of them who'd get a broadcast" }),
    at_least: z.boolean().meta({
      description:
        "Whether more readers are there than a look counts; then `POST /broadcasts/{id}/count` counts them all",
    }),
    not_agreed: z.int().meta({ description: "Match, but never agreed to broadcasts" }),
    suppressed: z.int().meta({ description: "Match, but aren't mailed any more" }),
    other_language: z.int().meta({ description: "Get it, and read in another language" }),
    counted_at: instant,
    counting: z
      .object({ done: z.int(), total: z.int() })
      .nullable()
      .meta({ description: "How far a count of all of them is; null where none is under way" }),
    last_leaves_at: instant
      .nullable()
      .meta({ description: "When the last letter will have left, at the rate that the provider allows now" }),
    at_their_hour: z.int().nullable().meta({
      description: "Who'd get it at its hour of their own clock; null for one that isn't on clocks",
    }),
    hour_passed: z.int().nullable().meta({ description: "For whom that hour will have passed" }),
  })
  .meta({ id: "BroadcastForecast" });

/** A forecast for its answer; `outlook` is null where it isn't of a broadcast with a time, or not of everyone yet. */
export function forecastView(found: Audience, outlook: Outlook | null = null) {
  return {
    ...{ last_leaves_at: outlook?.lastAt ?? null, at_their_hour: outlook?.ways?.atItsHour ?? null },
    hour_passed: outlook?.ways?.passed ?? null,
    ...{ matching: found.matching, people: found.people, at_least: found.atLeast },
    ...{ not_agreed: found.notAgreed, suppressed: found.suppressed, other_language: found.otherLanguage },
    ...{ counted_at: found.at, counting: found.counting },
  };
}

/** What's written of a broadcast, as it's stored. */
export function timeOf(time: z.infer<typeof timeInput> | null): Broadcast["time"] {
  return time?.kind === "at" ? { kind: "at", at: Date.parse(time.at) } : time;
}

/** A broadcast for its answer. */
export function broadcastView(
  broadcast: Broadcast,
  { subject, preheader, markdown }: Pick<DraftedLetter, "subject" | "preheader" | "markdown">,
  found: BroadcastProgress | null,
) {
  const { id: own, state, reason, language, audience, time } = broadcast;
  return {
    ...{ id: own, state, reason, language, from_name: broadcast.fromName, subject, preheader, markdown },
    ...{
      audience: audience as Segment | null,
      segment_id: broadcast.segmentId,
      time,
      on_theme_days: broadcast.onThemeDays,
    },
    ...{ hold_minutes: broadcast.holdMinutes, is_public: broadcast.isPublic },
    ...{ locks_at: broadcast.locksAt, locked_at: broadcast.lockedAt },
    ...{ ended_at: broadcast.endedAt, created_at: broadcast.createdAt },
    progress: found === null ? null : progressView(found),
    numbers: found?.numbers == null ? null : numbersView(found.numbers),
  };
}

function numbersView({ underWay, nextAt, ...others }: NonNullable<BroadcastProgress["numbers"]>) {
  return { ...others, under_way: underWay, next_at: nextAt };
}

function progressView({ people, settled, countedAt, counting }: BroadcastProgress) {
  return { people, settled, counted_at: countedAt, counting };
}
