import { expect, test } from "vitest";
import type { Eligibility } from "../../src/domain/ledger/kind.ts";
import { mayGetAccess } from "../../src/domain/people/access-kind.ts";
import { mayGetNotice } from "../../src/domain/people/notice-kind.ts";
import { mayBeWrittenTo, mayGetLetters } from "../../src/domain/people/standing.ts";
import type { SubscriberState } from "../../src/domain/people/subscriber-state.ts";
import type { SuppressionReason } from "../../src/domain/people/suppression.ts";
import { mayGetTheme, type ReaderStanding } from "../../src/domain/sequences/theme-kind.ts";
import { mayGetConfirmation } from "../../src/domain/signup/confirmation-kind.ts";

const DAY = 24 * 3_600_000;
const BOUNCED = Date.UTC(2026, 10, 1);
const COOLED = BOUNCED + 30 * DAY;

const answer = (eligibility: Eligibility) => (eligibility.kind === "eligible" ? "yes" : eligibility.reason);
const entries = <Key extends string, Value>(table: Readonly<Record<Key, Value>>) =>
  Object.entries(table) as [Key, Value][];
const orNull = <Key extends string>(key: Key) => (key === "none" ? null : key) as Exclude<Key, "none"> | null;

/** What is in force against an address, and whether mail may still go there that its owner has just asked for on a page. */
const ASKED_FOR: Readonly<Record<SuppressionReason | "none", boolean>> = {
  none: true,
  soft: true,
  quarantine: true,
  bounce: false,
  complaint: false,
  owner: false,
  erased: false,
};
const suppressions = entries(ASKED_FOR).map(([key, askedFor]) => ({
  suppression: orNull(key),
  suppressedAt: key === "none" ? null : BOUNCED,
  askedFor,
}));

/** What a subscriber gets of what they signed up for. */
const LETTERS: Readonly<Record<SubscriberState, string>> = {
  active: "yes",
  pending: "not_confirmed",
  unsubscribed: "unsubscribed",
  erased: "erased",
};
const people = Object.keys(LETTERS) as SubscriberState[];

test.each(entries(LETTERS))(
  "letters for a subscriber who is %s, with nothing in force: %s",
  (subscriber, expected) => {
    for (const { suppression, suppressedAt } of suppressions) {
      const unless = expected === "yes" && suppression !== null ? "suppressed" : expected;
      expect(answer(mayGetLetters({ subscriber, suppression, suppressedAt })), `${suppression}`).toBe(unless);
    }
  },
);

type EnrollmentState = NonNullable<ReaderStanding["enrollment"]>;
const THEMES: Readonly<Record<SubscriberState, Readonly<Record<EnrollmentState, string>>>> = {
  active: { active: "yes", paused: "paused", stopped: "stopped", completed: "yes" },
  pending: {
    active: "not_confirmed",
    paused: "paused",
    stopped: "not_confirmed",
    completed: "not_confirmed",
  },
  unsubscribed: {
    active: "unsubscribed",
    paused: "paused",
    stopped: "unsubscribed",
    completed: "unsubscribed",
  },
  erased: { active: "erased", paused: "erased", stopped: "erased", completed: "erased" },
};
const themes = people.flatMap((subscriber) =>
  entries(THEMES[subscriber]).map(([enrollment, expected]) => [subscriber, enrollment, expected] as const),
);

test.each(themes)(
  "a theme for a subscriber who is %s in a sequence that is %s, with nothing in force: %s",
  (subscriber, enrollment, expected) => {
    for (const { suppression, suppressedAt } of suppressions) {
      const unless = expected === "yes" && suppression !== null ? "suppressed" : expected;
      const standing = { subscriber, enrollment, suppression, suppressedAt };
      expect(answer(mayGetTheme(standing)), `${suppression}`).toBe(unless);
    }
  },
);

const CONSENTS = {
  pending: "yes",
  confirmed: "already_confirmed",
  denied: "denied",
  none: "already_confirmed",
} as const;

test.each(entries(CONSENTS))(
  "the question for a consent that is %s, with nothing in force: %s",
  (consent, expected) => {
    for (const subscriber of people) {
      for (const { suppression, suppressedAt, askedFor } of suppressions) {
        const asked = (requestedAt: number) =>
          answer(
            mayGetConfirmation({
              subscriber,
              suppression,
              suppressedAt,
              consent: orNull(consent),
              requestedAt,
            }),
          );
        const where = `${subscriber}, ${suppression}`;
        const unless = (open: boolean) => {
          if (subscriber === "erased") return "erased";
          return expected === "yes" && !open ? "suppressed" : expected;
        };
        expect(asked(COOLED - 1), where).toBe(unless(askedFor));
        expect(asked(COOLED), where).toBe(unless(askedFor || suppression === "bounce"));
      }
    }
  },
);

test.each([
  ["at the bounce", "suppressed", BOUNCED],
  ["a millisecond before thirty days are over", "suppressed", BOUNCED + 30 * DAY - 1],
  ["thirty days after it", "yes", BOUNCED + 30 * DAY],
])("an address that bounced is asked again if it signs up %s: %s", (_, expected, requestedAt) => {
  const standing = { subscriber: "pending", suppression: "bounce", suppressedAt: BOUNCED } as const;
  expect(answer(mayGetConfirmation({ ...standing, consent: "pending", requestedAt }))).toBe(expected);
});

const ERASURES = { asked: "yes", confirmed: "already_confirmed", none: "already_confirmed" } as const;

test.each(entries(ERASURES))("the link that erases, with an erasure that is %s: %s", (erasure, expected) => {
  for (const subscriber of people) {
    for (const { suppression, suppressedAt, askedFor } of suppressions) {
      const standing = { subscriber, suppression, suppressedAt, erasure: orNull(erasure) };
      const unless = expected === "yes" && !askedFor ? "suppressed" : expected;
      expect(answer(mayGetNotice(standing)), `${subscriber}, ${suppression}`).toBe(
        subscriber === "erased" ? "erased" : unless,
      );
    }
  }
});

test("the link to a reader's own page goes to readers, also to one who left, while it works and they may be written to", () => {
  const states = { pending: "not_confirmed", active: "yes", unsubscribed: "yes", erased: "erased" } as const;
  for (const [subscriber, expected] of entries(states)) {
    for (const [key, askedFor] of entries(ASKED_FOR)) {
      const standing = { subscriber, suppression: orNull(key), suppressedAt: BOUNCED, askedAt: COOLED };
      const minute = 60_000;
      const unless = expected === "yes" && !askedFor ? "suppressed" : expected;
      expect(answer(mayGetAccess({ ...standing, now: COOLED + 59 * minute })), `${subscriber}, ${key}`).toBe(
        unless,
      );
      const late = expected === "yes" ? "missed" : expected;
      expect(answer(mayGetAccess({ ...standing, now: COOLED + 60 * minute }))).toBe(late);
    }
  }
});

test.each(entries(ASKED_FOR))(
  "mail that was just asked for, while what is in force is %s: %s",
  (key, expected) => {
    expect(mayBeWrittenTo(orNull(key))).toBe(expected);
  },
);
