import { expect, test } from "vitest";
import { effectOf } from "../../src/domain/sequences/change-effect.ts";
import { changedSchedule, type Scheduled } from "../../src/domain/sequences/schedule.ts";
import { DAY_MS } from "../../src/platform/calendar/durations.ts";

const TUESDAY = Date.UTC(2026, 11, 1, 9);
const READER: Scheduled = {
  weekday: 2,
  hour: 9,
  timeZone: "UTC",
  everyWeeks: 1,
  state: "active",
  nextDueAt: TUESDAY,
  notBefore: null,
  pauseUntil: null,
  resumeAt: null,
  lastAt: TUESDAY - 7 * DAY_MS,
  enrolledAt: 0,
};

const effect = (change: Parameters<typeof changedSchedule>[1], now: number, was: Scheduled = READER) => {
  const then = changedSchedule(was, change, now);
  if (then === null) throw new Error("the change doesn't apply");
  return effectOf(was, { ...then, lastAt: was.lastAt }, now);
};
const day = (weekday: number, everyWeeks = 1) =>
  ({ kind: "slot", slot: { weekday, hour: 9, timeZone: "UTC" }, everyWeeks }) as const;

test("a day that comes too soon after the last letter is named, and one that doesn't isn't", () => {
  // On Wednesday, a day after a letter, to Saturday: the first Saturday is four days after it.
  const wednesday = TUESDAY - 6 * DAY_MS;
  expect(effect(day(6), wednesday)).toEqual({ same: false, tooSoon: TUESDAY - 3 * DAY_MS });
  expect(effect(day(1), wednesday)).toEqual({ same: false, tooSoon: null });
  expect(effect(day(2, 4), wednesday)).toEqual({ same: false, tooSoon: TUESDAY });
});

test("a change that moves nothing is known: the same day, or a pause that ends before the next letter", () => {
  const rare = { ...READER, everyWeeks: 4, nextDueAt: TUESDAY + 21 * DAY_MS };
  const now = TUESDAY - 6 * DAY_MS;
  expect(effect(day(2), now)).toEqual({ same: true, tooSoon: null });
  expect(effect({ kind: "pause", until: "2026-12-09" }, now, rare)).toEqual({ same: true, tooSoon: null });
  expect(effect({ kind: "pause", until: "2026-12-23" }, now, rare)).toEqual({ same: false, tooSoon: null });
  expect(effect({ kind: "pause", until: null }, now, rare)).toEqual({ same: false, tooSoon: null });
});

test("a skipped letter isn't told as one that came too soon", () => {
  expect(effect({ kind: "skip", dueAt: TUESDAY }, TUESDAY - DAY_MS)).toEqual({ same: false, tooSoon: null });
});
