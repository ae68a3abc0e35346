import { expect, test } from "vitest";
import { isStorm, suspends } from "../../src/domain/feedback/bounce-policy.ts";

const WEEK = 7 * 24 * 3_600_000;
test("soft bounces in three weeks suspend an address, two in one week do not count twice", () => {
  expect(suspends([1, 2, 3], null)).toBe(false);
  expect(suspends([1, WEEK + 1], null)).toBe(false);
  expect(suspends([1, WEEK + 1, 2 * WEEK + 1], null)).toBe(true);
});

test("a letter that was delivered since forgets the soft bounces before it, in whatever order the events came", () => {
  expect(suspends([2 * WEEK + 1, 1, WEEK + 1], WEEK + 2)).toBe(false);
});

test("many hard bounces at one receiver are a storm only where they are unusual", () => {
  expect(isStorm(19, 0)).toBe(false);
  expect(isStorm(20, 0)).toBe(true);
  expect(isStorm(40, 10)).toBe(false);
  expect(isStorm(51, 10)).toBe(true);
});
