import { describe, expect, test } from "vitest";
import type { BounceClass } from "../../src/domain/feedback/classify-bounce.ts";
import { effectsOf, type FeedbackEffects } from "../../src/domain/feedback/effects.ts";
import type { LetterEvent } from "../../src/domain/feedback/read-event.ts";

const DAY = 24 * 3_600_000;
const WEEK = 7 * DAY;
const AT = Date.UTC(2026, 10, 24, 8);

type Case =
  | Exclude<LetterEvent["kind"], "bounced" | "suppressed">
  | `bounced ${BounceClass}`
  | `suppressed ${NonNullable<LetterEvent["mirrored"]>}`;

const eventOf = (what: Case): LetterEvent => {
  const [kind, detail = null] = what.split(" ") as [LetterEvent["kind"], string?];
  return {
    deliveryId: 1,
    providerId: "p-1",
    at: AT,
    domain: "themepost.dev",
    kind,
    reason: "",
    bounceClass: kind === "bounced" ? (detail as BounceClass) : null,
    mirrored: kind === "suppressed" ? (detail as "complaint" | "bounce") : null,
  };
};
const QUIET = {
  softBouncesAt: [],
  lastDeliveredAt: null,
  hardToday: 0,
  busiestBefore: 0,
  confirmedAt: AT - WEEK,
};
type History = Parameters<typeof effectsOf>[1];
const effects = (what: Case, history: Partial<History> = {}) =>
  effectsOf(eventOf(what), { ...QUIET, ...history });

const NONE: FeedbackEffects = {
  suppression: null,
  stop: null,
  delivered: false,
  countAs: null,
  countHardBounce: false,
  unwanted: null,
};
const complaint = { reason: "complaint", at: AT, until: null } as const;
const bounce = { reason: "bounce", at: AT, until: null } as const;
const quarantine = { reason: "quarantine", at: AT, until: AT + WEEK };
const soft = { reason: "soft", at: AT, until: AT + 30 * DAY };

type Some = Partial<FeedbackEffects>;
/** What each event does, and what it does where the reader has confirmed since. */
const TABLE: Readonly<Record<Case, readonly [Some, Some]>> = {
  sent: [{}, {}],
  delayed: [{}, {}],
  delivered: [{ delivered: true }, { delivered: true }],
  failed: [{ countAs: "failed" }, { countAs: "failed" }],
  complained: [
    { suppression: complaint, stop: "complaint", countAs: "complained", unwanted: "complained" },
    { suppression: complaint, countAs: "complained", unwanted: "complained" },
  ],
  "suppressed complaint": [{ suppression: complaint, stop: "complaint" }, {}],
  "suppressed bounce": [{ suppression: bounce, stop: "bounce" }, {}],
  "bounced hard": [
    { suppression: bounce, stop: "bounce", countAs: "bounced", countHardBounce: true, unwanted: "bounced" },
    { countAs: "bounced", countHardBounce: true, unwanted: "bounced" },
  ],
  "bounced about_us": [{ countAs: "bounced" }, { countAs: "bounced" }],
  "bounced soft": [{}, {}],
};
const CASES = Object.entries(TABLE) as [Case, readonly [Some, Some]][];

test.each(CASES)("%s has its effects and no others", (what, [expected]) => {
  expect(effects(what)).toEqual({ ...NONE, ...expected });
  expect(effects(what, { confirmedAt: null })).toEqual({ ...NONE, ...expected });
  expect(effects(what, { confirmedAt: AT })).toEqual({ ...NONE, ...expected });
});

test.each(CASES)("%s stops nobody who has confirmed since", (what, [, expected]) => {
  expect(effects(what, { confirmedAt: AT + 1 })).toEqual({ ...NONE, ...expected });
});

test("a complaint keeps all mail away even from a reader who has confirmed since", () => {
  expect(effects("complained", { confirmedAt: AT + WEEK }).suppression).toEqual(complaint);
});

describe("hard bounces at one receiver", () => {
  test.each([
    ["the 19th of a day", 18, 0, false],
    ["the 20th of a day", 19, 0, true],
    ["the 50th where one day had ten", 49, 10, false],
    ["the 51st where one day had ten", 50, 10, true],
  ])(
    "%s (after %i, with %i on the busiest day before) are a storm: %s",
    (_, hardToday, busiestBefore, storm) => {
      expect(effects("bounced hard", { hardToday, busiestBefore })).toEqual({
        suppression: storm ? quarantine : bounce,
        stop: storm ? null : "bounce",
        delivered: false,
        countAs: "bounced",
        countHardBounce: true,
        unwanted: "bounced",
      });
    },
  );

  test("in a storm touch nobody who has confirmed since, and count all the same", () => {
    const expected = { ...NONE, countAs: "bounced", countHardBounce: true, unwanted: "bounced" };
    expect(effects("bounced hard", { hardToday: 100, confirmedAt: AT + 1 })).toEqual(expected);
  });

  test("in a storm change nothing about other bounces", () => {
    expect(effects("bounced soft", { hardToday: 100 })).toEqual(NONE);
    expect(effects("bounced about_us", { hardToday: 100 })).toEqual({ ...NONE, countAs: "bounced" });
  });
});

describe("soft bounces", () => {
  const three = [AT - 2 * WEEK, AT - WEEK];

  test("in a third week suspend the address for thirty days, and stop and count nothing", () => {
    expect(effects("bounced soft", { softBouncesAt: three })).toEqual({ ...NONE, suppression: soft });
  });

  test("are taken as soft where their class is not known", () => {
    const unknown = { ...eventOf("bounced soft"), bounceClass: null };
    expect(effectsOf(unknown, { ...QUIET, softBouncesAt: three })).toEqual({ ...NONE, suppression: soft });
    expect(effectsOf(unknown, QUIET)).toEqual(NONE);
  });

  test.each([
    ["in two weeks only", { softBouncesAt: [AT - WEEK, AT - WEEK - 1, AT - WEEK + 1] }],
    ["with a letter delivered in between", { softBouncesAt: three, lastDeliveredAt: AT - DAY }],
  ])("%s suspend nobody", (_, history) => {
    expect(effects("bounced soft", history)).toEqual(NONE);
  });
});
