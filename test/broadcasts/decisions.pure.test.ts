import { expect, test } from "vitest";
import { isTyped } from "../../src/domain/broadcasts/broadcast.ts";
import { mayGetBroadcast } from "../../src/domain/broadcasts/broadcast-kind.ts";
import { lockTime } from "../../src/domain/broadcasts/schedule-broadcast.ts";
import { eachWay, lastLeavesAt, slotFor } from "../../src/domain/broadcasts/when.ts";

const READER = {
  subscriber: "active",
  suppression: null,
  suppressedAt: null,
  agreed: true,
  broadcast: "sending",
} as const;

test.each([
  ["gets it who is active and agreed", {}, null],
  ["one that was stopped goes to nobody more", { broadcast: "stopped" }, "stopped"],
  ["one whose row is gone goes to nobody", { broadcast: null }, "stopped"],
  ["who left broadcasts doesn't get it", { agreed: false }, "left_broadcasts"],
  ["who left everything doesn't", { subscriber: "unsubscribed", agreed: false }, "unsubscribed"],
  ["who complained doesn't", { suppression: "complaint", suppressedAt: 1 }, "suppressed"],
  ["who was erased doesn't", { subscriber: "erased" }, "erased"],
  ["who never confirmed doesn't", { subscriber: "pending" }, "not_confirmed"],
] as const)("%s", (_, change, reason) => {
  const decided = mayGetBroadcast({ ...READER, ...change });
  expect(decided.kind === "eligible" ? null : decided.reason).toBe(reason);
});

const NOON = Date.UTC(2026, 10, 25, 12);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const clock = (timeZone: string, ...themesAt: number[]) => ({ timeZone, themesAt });
const at18 = { kind: "clock", date: "2026-11-25", hour: 18, passed: "tomorrow" } as const;

test("an hour of a reader's own clock is that hour in their zone, also across a change of clocks", () => {
  expect(slotFor(at18, "regardless", clock("Europe/Berlin"), NOON)).toEqual({
    kind: "slot",
    at: NOON + 5 * HOUR,
  });
  // On 2026-03-29 Berlin's clocks skip 02:00 to 03:00, and on 2026-10-25 they show it twice.
  const gap = { kind: "clock", date: "2026-03-29", hour: 2, passed: "today" } as const;
  expect(slotFor(gap, "regardless", clock("Europe/Berlin"), 0)).toEqual({
    kind: "slot",
    at: Date.UTC(2026, 2, 29, 1),
  });
  const fold = { kind: "clock", date: "2026-10-25", hour: 2, passed: "today" } as const;
  expect(slotFor(fold, "regardless", clock("Europe/Berlin"), 0)).toEqual({
    kind: "slot",
    at: Date.UTC(2026, 9, 25, 0),
  });
});

test("where that hour has passed it comes at once or a day later, as the owner chose", () => {
  const tokyo = clock("Asia/Tokyo");
  expect(slotFor({ ...at18, passed: "today" }, "regardless", tokyo, NOON)).toEqual({
    kind: "slot",
    at: NOON,
  });
  expect(slotFor(at18, "regardless", tokyo, NOON)).toEqual({ kind: "slot", at: Date.UTC(2026, 10, 26, 9) });
});

test("on a day with a theme it moves to the next day without one, three at most, or is left out, or comes all the same", () => {
  const slot = NOON + 5 * HOUR;
  const busy = (...days: number[]) => clock("Europe/Berlin", ...days.map((day) => NOON + day * DAY - HOUR));
  const day = (days: number[], rule: "move" | "leave_out" | "regardless" = "move") =>
    slotFor(at18, rule, busy(...days), NOON);
  expect(day([])).toEqual({ kind: "slot", at: slot });
  expect(day([0])).toEqual({ kind: "slot", at: slot + DAY });
  expect(day([0, 1])).toEqual({ kind: "slot", at: slot + 2 * DAY });
  expect(day([0, 1, 2, 3])).toEqual({ kind: "slot", at: slot + 3 * DAY });
  expect(day([1])).toEqual({ kind: "slot", at: slot });
  expect(day([0], "leave_out")).toEqual({ kind: "left_out", at: slot });
  expect(day([0], "regardless")).toEqual({ kind: "slot", at: slot });
});

test("nothing is locked before its hold is over, and on readers' clocks when their hour comes first anywhere", () => {
  expect(lockTime({ kind: "now" }, 10, NOON)).toBe(NOON + 600_000);
  expect(lockTime({ kind: "at", at: NOON + 60_000 }, 10, NOON)).toBe(NOON + 600_000);
  expect(lockTime({ kind: "at", at: NOON + DAY }, 10, NOON)).toBe(NOON + DAY);
  // 18:00 on Kiritimati, UTC+14.
  expect(lockTime({ ...at18, date: "2026-11-27" }, 10, NOON)).toBe(Date.UTC(2026, 10, 27, 4));
});

test("the number of people is typed above a thousand, or three times the usual", () => {
  expect([isTyped(1000, null), isTyped(1001, null), isTyped(31, 10), isTyped(30, 10), isTyped(5, 0)]).toEqual(
    [...[false, true, true, false, false]],
  );
});

test("on readers' clocks it's said how many get it at its hour, and for how many that has passed", () => {
  const zones = { "Europe/Berlin": 5, "Asia/Tokyo": 3, "": 2 };
  const at = { lockedAt: NOON, timeZone: "America/New_York" };
  expect(eachWay(at18, zones, at)).toEqual({ atItsHour: 7, passed: 3 });
  expect(eachWay({ kind: "now" }, zones, at)).toEqual({ atItsHour: 10, passed: 0 });
});

test("the last letter leaves by the provider's rate, by what may leave in a day, and in the last zone", () => {
  const pace = { callsPerSecond: 2, perDay: null, leftToday: null };
  expect(lastLeavesAt({ kind: "now" }, 1001, NOON, [], pace)).toBe(NOON + 5500);
  expect(lastLeavesAt({ kind: "now" }, 0, NOON, [], pace)).toBe(NOON);
  expect(lastLeavesAt({ kind: "now" }, 1000, NOON, [], { ...pace, perDay: 300, leftToday: 100 })).toBe(
    NOON + 3 * DAY,
  );
  // 18:00 in New York is 23:00 in Greenwich. In Tokyo that hour has passed, and comes again the next morning.
  expect(lastLeavesAt(at18, 100, NOON, ["Europe/Berlin", "America/New_York"], pace)).toBe(
    NOON + 11 * HOUR + 500,
  );
  expect(lastLeavesAt(at18, 100, NOON, ["America/New_York", "Asia/Tokyo"], pace)).toBe(
    NOON + 21 * HOUR + 500,
  );
});
