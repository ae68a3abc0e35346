import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Member } from "../../src/domain/ledger/kind.ts";
import type { StoredAttempt } from "../../src/domain/ledger/queries/claims.ts";
import type { Permission } from "../../src/domain/restore/ask-guard.ts";
import { composeAttempt } from "../../src/domain/sending/compose-attempt.ts";
import type { PinnedMember } from "../../src/platform/db/schema/index.ts";

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 10, 24, 8);
/** Product time may stand still or jump; the provider's keys age by the clock on the wall. */
const WALL = Date.UTC(2031, 0, 1);
const FRAME = { from: "f", replyTo: "r", publicUrl: "u", instance: "main", secretId: "s" };

const LETTER = { kind: "theme", round: 1, item: 1, copy: 0, slotAt: NOW, renditionId: 1, details: {} };
const pinned = (id: number, firstName = "Ada"): PinnedMember => {
  return { ...LETTER, id, anchor: id, recipientId: id, address: `reader${id}@themepost.dev`, firstName };
};
const member = (id: number, changes: Partial<Member> = {}): Member => ({
  pinned: pinned(id),
  addressHash: `hash${id}`,
  fromAt: NOW,
  lateAfterMs: 48 * HOUR,
  eligibility: { kind: "eligible" },
  standing: 0,
  onProvidersList: false,
  ...changes,
});
const gone = (id: number) => member(id, { eligibility: { kind: "ineligible", reason: "unsubscribed" } });
const late = (id: number) => member(id, { fromAt: NOW - 48 * HOUR - 1 });
const attempt = (outcome: string | null, msAgo = HOUR, members = [1, 2].map((id) => pinned(id))) =>
  ({ frame: FRAME, members, startedAt: WALL - msAgo, outcome }) satisfies StoredAttempt;

const granted: Permission = { kind: "granted" };
type Why = Extract<Permission, { kind: "withheld" }>["why"];
const WHYS: Readonly<Record<Why, true>> = {
  stopped: true,
  disarmed: true,
  run_stopped: true,
  wrong_suppression_key: true,
  opt_outs_missing: true,
  outage: true,
  quota: true,
};
const REASONS = Object.keys(WHYS) as Why[];
const withheld = (why: Why): Permission => ({ kind: "withheld", why });

const compose = (
  members: readonly Member[],
  earlier: readonly StoredAttempt[] = [],
  at: { permission?: Permission; lastOutcome?: string | null } = {},
) =>
  composeAttempt(members, earlier, {
    now: NOW,
    wallNow: WALL,
    permission: granted,
    lastOutcome: null,
    ...at,
  });

const skipped = (id: number) => ({ id, state: "skipped", reason: "unsubscribed" });
const held = (id: number, reason: string) => ({ id, state: "held", reason });

test("the first call is for everybody in the batch, in order, as they are now", () => {
  const send = [pinned(2), pinned(1)];
  expect(compose([member(2), member(1)])).toEqual({ kind: "call", frame: null, send, settled: [] });
});

test("who left in the meantime is skipped with the reason, and the others get their letter", () => {
  const send = [pinned(1), pinned(3)];
  const plan = compose([member(1), gone(2), member(3)]);
  expect(plan).toEqual({ kind: "call", frame: null, send, settled: [skipped(2)] });
});

test("a letter leaves until exactly as late as its kind allows, and is held a millisecond later", () => {
  const own = (id: number, lateAfterMs: number, lateMs: number) =>
    member(id, { lateAfterMs, fromAt: NOW - lateMs });
  const plan = compose([
    own(1, 48 * HOUR, 48 * HOUR),
    own(2, 48 * HOUR, 48 * HOUR + 1),
    own(3, HOUR, HOUR),
    own(4, HOUR, HOUR + 1),
  ]);
  expect(plan).toMatchObject({ kind: "call", send: [{ id: 1 }, { id: 3 }] });
  expect(plan.settled).toEqual([held(2, "late"), held(4, "late")]);
});

test("a batch with nobody left is closed, with what became of each", () => {
  const plan = { kind: "close", why: "nobody_to_send" };
  expect(compose([])).toEqual({ ...plan, settled: [] });
  expect(compose([gone(1), late(2)])).toEqual({ ...plan, settled: [skipped(1), held(2, "late")] });
});

test.each([
  [null, "late"],
  ["refused:rate", "late"],
  ["refused:daily_quota", "quota"],
  ["refused:monthly_quota", "quota"],
])("after the outcome %j a late letter is held as %s", (lastOutcome, reason) => {
  expect(compose([late(1)], [], { lastOutcome }).settled).toEqual([held(1, reason)]);
});

describe.each(REASONS)("while sending is withheld as %s", (why) => {
  const at = { permission: withheld(why), lastOutcome: "refused:daily_quota" };

  test("the batch waits and says so, and who left is skipped all the same", () => {
    expect(compose([member(1), gone(2)], [], at)).toEqual({ kind: "wait", why, settled: [skipped(2)] });
  });

  test("a letter whose time ends is held for that, and the rest waits on", () => {
    expect(compose([member(1), late(2)], [], at)).toEqual({ kind: "wait", why, settled: [held(2, why)] });
    expect(compose([late(2)], [], at)).toMatchObject({ kind: "close", settled: [held(2, why)] });
  });

  test("after an unknown outcome nobody is given up", () => {
    const members = [member(1), gone(2), late(3)];
    expect(compose(members, [attempt(null)], at)).toEqual({ kind: "wait", why, settled: [] });
  });
});

describe.each([null, "unanswered:timeout"])("after an attempt that ended as %j", (outcome) => {
  const earlier = [attempt("refused:rate"), attempt(outcome), attempt("refused:rate")];

  test("late letters are asked for again, and nobody is skipped or held", () => {
    const plan = compose([late(1), gone(2)], earlier);
    expect(plan).toEqual({ kind: "call", frame: FRAME, send: [pinned(1)], settled: [] });
  });

  test("a batch whose readers have all left stays open", () => {
    expect(compose([gone(1)], earlier)).toEqual({ kind: "wait", why: "nobody_eligible", settled: [] });
  });
});

test("a repeat has the names and addresses of the first attempt, whatever has changed since", () => {
  const first = attempt("refused:rate", HOUR, [pinned(1, "Grace")]);
  const second = { ...attempt(null, HOUR, [pinned(1, "Hedy")]), frame: { ...FRAME, from: "other" } };
  const send = [pinned(1, "Grace"), pinned(2)];
  const plan = { kind: "call", frame: FRAME, send, settled: [] };
  expect(compose([member(1), member(2)], [first])).toEqual(plan);
  expect(compose([member(1), member(2)], [first, second])).toEqual(plan);
});

describe("the provider forgets a key", () => {
  const LAST = 23 * HOUR - 30_000;
  const uncertain = [1, 2, 3].map((id) => ({ id, state: "uncertain", reason: "no_answer" }));

  test("so the last repeat is one that ends 23 hours after the attempt of unknown outcome", () => {
    expect(compose([member(1)], [attempt(null, LAST)])).toMatchObject({ kind: "call" });
    expect(compose([member(1)], [attempt(null, LAST + 1)])).toMatchObject({ kind: "close" });
  });

  test("so later nobody knows who got a letter, whoever has left and whatever withholds sending", () => {
    for (const permission of [granted, ...REASONS.map(withheld)]) {
      const plan = compose([member(1), gone(2), late(3)], [attempt(null, LAST + 1)], { permission });
      expect(plan).toEqual({ kind: "close", why: "expired", settled: uncertain });
    }
  });

  test("so its life counts from the first unknown outcome, and never from a refusal", () => {
    const kindAfter = (...earlier: StoredAttempt[]) => compose([member(1)], earlier).kind;
    expect(kindAfter(attempt(null, LAST + 1), attempt(null, HOUR))).toBe("close");
    expect(kindAfter(attempt("refused:rate", 90 * HOUR), attempt(null, LAST))).toBe("call");
    expect(kindAfter(attempt("refused:rate", 90 * HOUR))).toBe("call");
  });
});

test("nobody is both mailed and settled, and without an unknown outcome nobody is forgotten", () => {
  const one = fc.constantFrom(member, gone, late);
  const outcome = fc.constantFrom(null, "unanswered:timeout", "refused:rate");
  fc.assert(
    fc.property(
      fc.array(one, { maxLength: 6 }),
      fc.array(outcome, { maxLength: 3 }),
      fc.constantFrom(granted, ...REASONS.map(withheld)),
      (makers, outcomes, permission) => {
        const members = makers.map((make, index) => make(index + 1));
        const earlier = outcomes.map((ended) => attempt(ended));
        const plan = compose(members, earlier, { permission });
        const sent = plan.kind === "call" ? plan.send.map(({ id }) => id) : [];
        const ids = [...sent, ...plan.settled.map(({ id }) => id)];
        expect(new Set(ids).size).toBe(ids.length);
        if (plan.kind !== "wait" && outcomes.every((ended) => ended === "refused:rate")) {
          expect(ids.toSorted()).toEqual(members.map(({ pinned: { id } }) => id));
        }
      },
    ),
  );
});
