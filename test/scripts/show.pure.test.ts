import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { dayOf, localTime, quantity, table } from "../../scripts/themepost/show.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: new Date("2026-11-24T12:00:00") });
});

afterEach(() => {
  vi.useRealTimers();
});

test("dates are short, and have their year where they are more than three months away", () => {
  const zone = new Date("2026-12-01T09:00:00")
    .toLocaleTimeString("en", { timeZoneName: "short" })
    .split(" ")
    .at(-1);
  expect(localTime(new Date("2026-12-01T09:00:00").toISOString())).toBe(`Tue 1 Dec 9:00 ${zone}`);
  expect(localTime(new Date("2026-10-01T17:30:00").toISOString())).toEqual(
    expect.stringMatching(/^Thu 1 Oct 17:30 \S+$/),
  );
  expect(localTime(new Date("2027-06-01T09:00:00").toISOString())).toEqual(
    expect.stringMatching(/^Tue 1 Jun 2027 9:00 \S+$/),
  );
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

test("on a terminal a row stays on one line, its longest words cut; in a file it's whole", () => {
  const rows = [{ what: "a letter", why: "x".repeat(200) }];
  const columns = { what: (row: (typeof rows)[0]) => row.what, why: (row: (typeof rows)[0]) => row.why };
  const lines = table(rows, columns, 60).split("\n");
  expect(lines.map((line) => line.length <= 60)).toEqual([true, true, true]);
  expect(lines[2]).toMatch(/^a letter {2}x+…$/);
  expect(table(rows, columns, Number.POSITIVE_INFINITY)).toContain("x".repeat(200));
  expect(table([{ what: "one\ntwo", why: "" }], columns, 60).split("\n")).toHaveLength(3);
});
