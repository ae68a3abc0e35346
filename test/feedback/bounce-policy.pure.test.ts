import { expect, test } from "vitest";
import { classifyBounce, isStorm, suspends } from "../../src/domain/feedback/bounce-policy.ts";

const WEEK = 7 * 24 * 3_600_000;
const bounce = (type: string, subType: string, ...diagnosticCode: string[]) =>
  classifyBounce({ type, subType, message: "", diagnosticCode }).class;

test.each([
  ["smtp; 550 5.1.1 user unknown", "hard"],
  ["smtp; 550-5.1.2 bad destination system", "hard"],
  ["smtp; 556 5.1.10 null MX", "hard"],
  ["smtp; 550 5.2.1 mailbox disabled", "hard"],
  ["smtp; 550 5.4.4 no host", "hard"],
  ["smtp; 552 5.2.2 mailbox full", "soft"],
  ["smtp; 452 4.2.2 mailbox full", "soft"],
  ["smtp; 421 4.7.0 try again later", "soft"],
  ["smtp; 451 4.4.1 timeout", "soft"],
  ["smtp; 550 5.7.1 blocked by policy", "about_us"],
  ["smtp; 550 5.7.26 unauthenticated", "about_us"],
  ["smtp; 554 5.6.0 content", "about_us"],
  ["smtp; 550 5.1.8 bad sender", "about_us"],
])("%s is %s", (code, expected) => {
  expect(bounce("Permanent", "General", code)).toBe(expected);
});

test.each([
  ["Permanent", "NoEmail", "hard"],
  ["Permanent", "General", "hard"],
  ["Permanent", "MailboxFull", "soft"],
  ["Transient", "General", "soft"],
  ["Transient", "ContentRejected", "about_us"],
  ["Permanent", "MessageTooLarge", "about_us"],
  ["Undetermined", "Undetermined", "soft"],
])("without a code, %s %s is %s", (type, subType, expected) => {
  expect(bounce(type, subType)).toBe(expected);
});

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
