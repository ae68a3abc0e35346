import { expect, test } from "vitest";
import { stopReason } from "../../src/domain/sending/run-limits.ts";

const LIMITS = {
  lettersPerDay: null,
  databaseBytes: 1e10,
  lettersBeforeStop: 50,
  bounceShare: 0.04,
  complaintShare: 0.003,
  failureShare: 0.2,
  signUpsPerHour: 100,
};
const GOOD = { failed: 0, bounced: 0, complained: 0 };

/** What can go wrong with letters, what stops a run then, and how many of 1000 are just the share allowed. */
const KINDS = [
  ["refused letters", "failed", "failureShare", "provider_failures", 200],
  ["hard bounces", "bounced", "bounceShare", "hard_bounces", 40],
  ["complaints", "complained", "complaintShare", "complaints", 3],
] as const;

test.each(KINDS)("a run with as many %s as allowed goes on, and with one more it stops", (...kind) => {
  const [, figure, , reason, allowed] = kind;
  expect(stopReason({ ...GOOD, attempted: 1000, [figure]: allowed }, LIMITS)).toBe(null);
  expect(stopReason({ ...GOOD, attempted: 1000, [figure]: allowed + 1 }, LIMITS)).toBe(reason);
});

test.each(KINDS)("how many %s are too many is the owner's to set", (_, figure, share, reason) => {
  const figures = { ...GOOD, attempted: 100, [figure]: 10 };
  const others = { failureShare: 1, bounceShare: 1, complaintShare: 1 };
  expect(stopReason(figures, { ...LIMITS, ...others, [share]: 0.1 })).toBe(null);
  expect(stopReason(figures, { ...LIMITS, ...others, [share]: 0.09 })).toBe(reason);
});

test.each(KINDS)("before fifty letters no number of %s stops a run", (_, figure, __, reason) => {
  expect(stopReason({ ...GOOD, attempted: 49, [figure]: 49 }, LIMITS)).toBe(null);
  expect(stopReason({ ...GOOD, attempted: 50, [figure]: 50 }, LIMITS)).toBe(reason);
});

test.each(KINDS)("two %s are an accident whatever their share, three are not", (_, figure, share, reason) => {
  const strict = { ...LIMITS, lettersBeforeStop: 1, [share]: 0 };
  expect(stopReason({ ...GOOD, attempted: 2, [figure]: 2 }, strict)).toBe(null);
  expect(stopReason({ ...GOOD, attempted: 3, [figure]: 3 }, strict)).toBe(reason);
  expect(stopReason({ ...GOOD, attempted: 1000, [figure]: 3 }, strict)).toBe(reason);
});

test("bad letters of different kinds are not added up", () => {
  expect(stopReason({ attempted: 50, failed: 2, bounced: 2, complained: 2 }, LIMITS)).toBe(null);
});

test("a run in which nothing went wrong goes on", () => {
  expect(stopReason({ ...GOOD, attempted: 0 }, { ...LIMITS, lettersBeforeStop: 0 })).toBe(null);
  expect(stopReason({ ...GOOD, attempted: 1000 }, LIMITS)).toBe(null);
});

test("of several reasons the owner is told one: refusals before bounces before complaints", () => {
  const reason = (failed: number, bounced: number, complained: number) =>
    stopReason({ attempted: 100, failed, bounced, complained }, LIMITS);
  expect(reason(50, 50, 50)).toBe("provider_failures");
  expect(reason(20, 50, 50)).toBe("hard_bounces");
  expect(reason(50, 0, 50)).toBe("provider_failures");
  expect(reason(20, 4, 50)).toBe("complaints");
});
