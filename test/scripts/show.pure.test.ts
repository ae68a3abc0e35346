import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { dayOf, localTime, quantity } from "../../scripts/themepost/show.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: new Date("2026-11-24T12:00:00") });
});

afterEach(() => {
  vi.useRealTimers();
});

test("dates are short, and have their year where they are more than three months away", () => {
  expect(localTime(new Date("2026-12-01T09:00:00").toISOString())).toBe("Tue 1 Dec 09:00");
  expect(localTime(new Date("2026-10-01T17:30:00").toISOString())).toBe("Thu 1 Oct 17:30");
  expect(localTime(new Date("2027-06-01T09:00:00").toISOString())).toBe("Tue 1 Jun 2027 09:00");
  expect(dayOf("2026-11-23")).toBe("Mon 23 Nov");
  expect(dayOf("2025-11-24")).toBe("Mon 24 Nov 2025");
  expect(localTime(null)).toBe("");
});

test("numbers agree with what they count, and zero is said in words", () => {
  expect([0, 1, 2].map((count) => quantity(count, "letter"))).toEqual([
    "no letters",
    "1 letter",
    "2 letters",
  ]);
  expect([1, 2].map((count) => quantity(count, "batch", "batches"))).toEqual(["1 batch", "2 batches"]);
});
