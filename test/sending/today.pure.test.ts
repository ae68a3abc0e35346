import { expect, test } from "vitest";
import { aheadOf, stateOf } from "../../src/domain/sending/today.ts";

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 10, 24, 8, 20);
const STATUS = { sending: "on", reason: "", since: null, heldUntil: null } as const;
const QUIET = { status: STATUS, oldestPlannedAt: null, openBatches: 0, nextAt: null };
const say = (figures: Partial<Parameters<typeof stateOf>[0]>) => stateOf({ ...QUIET, ...figures }, NOW, NOW);

test("the sentence says the most pressing thing: a restored database before a stop, a stop before a hold, a hold before lateness", () => {
  const late = { oldestPlannedAt: NOW - HOUR, openBatches: 3, nextAt: NOW - 2 * HOUR };
  const held = { ...STATUS, heldUntil: NOW + HOUR };
  const stopped = { ...held, sending: "stopped", reason: "a look", since: NOW } as const;
  expect(say({ ...late, status: { ...stopped, sending: "disarmed" } })).toEqual({ kind: "disarmed" });
  expect(say({ ...late, status: stopped })).toEqual({ kind: "stopped", reason: "a look", since: NOW });
  expect(say({ ...late, status: held })).toEqual({ kind: "held", until: NOW + HOUR });
  expect(say(late)).toEqual({ kind: "late", since: NOW - 2 * HOUR });
});

test("a letter is late after 45 minutes, and not before; a hold that's over is none", () => {
  const status = { ...STATUS, heldUntil: NOW };
  expect(say({ status, nextAt: NOW - 45 * 60_000 })).toEqual({ kind: "well", nextAt: NOW - 45 * 60_000 });
  expect(say({ status, nextAt: NOW - 45 * 60_000 - 1 })).toMatchObject({ kind: "late" });
});

test("with nothing to say all is well, and letters that leave are said to", () => {
  expect(say({})).toEqual({ kind: "well", nextAt: null });
  expect(say({ openBatches: 2, oldestPlannedAt: NOW })).toEqual({ kind: "leaving", batches: 2 });
});

test("the coming day has 24 hours from the present one on, and what's due already counts into that", () => {
  const first = Math.floor(NOW / HOUR);
  const due = [
    { hour: first - 2, slots: 3, firstAt: NOW - 2 * HOUR },
    { hour: first, slots: 4, firstAt: NOW },
    { hour: first + 23, slots: 5, firstAt: NOW + 23 * HOUR },
  ];
  const { hours, cut } = aheadOf(due, NOW);
  expect([hours.length, cut]).toEqual([24, false]);
  expect(hours.filter(({ slots }) => slots > 0).map(({ hour, slots }) => [hour - first, slots])).toEqual([
    [0, 7],
    [23, 5],
  ]);
});

test("more slots than are looked at are told as at least so many", () => {
  const many = [{ hour: Math.floor(NOW / HOUR), slots: 1501, firstAt: NOW }];
  expect(aheadOf(many, NOW).cut).toBe(true);
});
