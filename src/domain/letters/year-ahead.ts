import { DAY_MS } from "../../platform/calendar/durations.ts";
import type { Slot } from "../../platform/calendar/slot.ts";
import { beginning, type Coming, datesOf } from "../sequences/schedule.ts";
import { type Draft, isUnfinished } from "./draft.ts";
import { lettersAhead } from "./preview-edit.ts";

const YEAR_MS = 366 * DAY_MS;

/** What comes to a reader over the next year, each with its instant. */
export type YearAhead = {
  readonly letters: ReadonlyArray<{ readonly slug: string; readonly at: number }>;
  /** A draft that they'd wait for, and from when; null for none. */
  readonly waits: { readonly slug: string; readonly at: number } | null;
  /** How many letters come later than in a year. */
  readonly later: number;
};

/** What a draft, published as it is, brings to a reader who had these letters (by slug) and whose next ones come like that. */
export function yearAhead(draft: Draft, had: readonly string[], coming: Coming, now: number): YearAhead {
  return reckoned(draft, had, (count) => datesOf(coming, count), now);
}

/** What a draft, published as it is, brings to someone who joins at `now`, in this slot. */
export function yearOfJoining(draft: Draft, slot: Slot, now: number): YearAhead {
  const { everyWeeks, firstLetter } = draft.stored;
  const { nextDueAt, afterwards } = beginning(slot, everyWeeks, null, now);
  const isAtOnce = firstLetter === "at_once" && lettersOf(draft)[0]?.status === "published";
  const coming = { ...slot, everyWeeks, resumeAt: null, lastAt: null };
  const dates = (count: number) =>
    isAtOnce
      ? [now, ...datesOf({ ...coming, nextDueAt: afterwards, lastAt: now }, count - 1)]
      : datesOf({ ...coming, nextDueAt }, count);
  return reckoned(draft, [], dates, now);
}

const lettersOf = ({ steps }: Draft) => steps.filter((step) => !isUnfinished(step));

function reckoned(
  draft: Draft,
  had: readonly string[],
  datesFor: (count: number) => readonly number[],
  now: number,
): YearAhead {
  const steps = lettersOf(draft);
  const isDraft = new Set(steps.filter(({ status }) => status === "draft").map(({ slug }) => slug));
  const ahead = lettersAhead(steps, had);
  const dates = datesFor(ahead.length);
  const dated = ahead.flatMap((slug, place) => {
    const at = dates[place];
    return at === undefined ? [] : [{ slug, at }];
  });
  const stops = dated.findIndex(({ slug }) => isDraft.has(slug));
  const coming = stops < 0 ? dated : dated.slice(0, stops);
  const letters = coming.filter(({ at }) => at < now + YEAR_MS);
  return { letters, waits: dated[stops] ?? null, later: coming.length - letters.length };
}
