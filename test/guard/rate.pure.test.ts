import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type Asking,
  INITIAL_RATE,
  type Lane,
  observe,
  type Rate,
  reserve,
} from "../../src/platform/guard/rate.ts";

const known = (limitPerSecond: number): Rate =>
  observe(INITIAL_RATE, { limitPerSecond, holdMs: 0, why: "" }, 0);

type Left = { readonly lane: Lane; readonly at: number; readonly waitedMs: number };

const one = (lane: Lane, from: Asking["from"] = "asking"): Asking => ({ lane, wanted: 1, from });

/**
 * What leaves when: `letters` consumers that all ask at `from`, and confirmations that come at their instants, each asking again as they are
 * told. A letter's consumer that calls asks for its next place with it, until `letters` times `rounds` have left; where it's given none, it
 * asks when the call is over.
 */
function play(
  start: Rate,
  {
    letters,
    confirmations,
    rounds = 1,
  }: { letters: number; confirmations: readonly number[]; rounds?: number },
  from: number,
): { readonly left: readonly Left[]; readonly asked: number } {
  const CALL_MS = 300;
  let rate = start;
  let asked = 0;
  const left: Left[] = [];
  const events: {
    readonly lane: Lane;
    readonly at: number;
    readonly since: number;
    readonly rounds: number;
    readonly calls: boolean;
  }[] = [
    ...Array.from({ length: letters }, () => ({
      lane: "letters" as const,
      at: from,
      since: from,
      rounds,
      calls: false,
    })),
    ...confirmations.map((at) => ({
      lane: "confirmations" as const,
      at,
      since: at,
      rounds: 1,
      calls: false,
    })),
  ];
  while (events.length > 0) {
    const next = events.reduce((first, event) => (event.at < first.at ? event : first));
    events.splice(events.indexOf(next), 1);
    const { lane, at, since } = next;
    if (next.calls) left.push({ lane, at, waitedMs: at - since });
    const roundsLeft = next.calls ? next.rounds - 1 : next.rounds;
    if (roundsLeft === 0) continue;
    if (!next.calls) asked += 1;
    const result = reserve(rate, one(lane, next.calls ? "goingOn" : "asking"), at);
    rate = result.rate;
    const { reservation } = result;
    const over = next.calls ? at + CALL_MS : at;
    if (reservation.kind === "go") {
      const [waitMs = 0] = reservation.waitsMs;
      const nextAt = Math.max(over, at + waitMs);
      events.push({ lane, at: nextAt, since: next.calls ? over : since, rounds: roundsLeft, calls: true });
    } else {
      const again = next.calls ? over : at + reservation.afterMs;
      events.push({
        lane,
        at: again,
        since: next.calls ? over : since,
        rounds: roundsLeft,
        calls: false,
      });
    }
  }
  return { left, asked };
}

/** The most calls that left within a second. */
function mostInASecond(left: readonly Left[]): number {
  return Math.max(
    ...left.map(({ at: from }) => left.filter(({ at }) => at >= from && at < from + 1000).length),
  );
}

test("in no second do both lanes together leave more calls than the provider allows, and the limit is nearly reached", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 50 }),
      fc.array(fc.integer({ min: 1000, max: 11_000 }), { maxLength: 20 }),
      (limit, confirmations) => {
        const { left } = play(known(limit), { letters: 4 * limit, rounds: 4, confirmations }, 1000);
        expect(mostInASecond(left)).toBeLessThanOrEqual(limit);
        const amid = left.filter(({ at }) => at >= 3000 && at < 10_000).length;
        expect(amid / 7 / limit).toBeGreaterThan(0.95);
      },
    ),
  );
});

test("a confirmation waits a second at most in the middle of a run, however many letters ask", () => {
  const confirmations = Array.from({ length: 20 }, (_, n) => 2000 + n * 700);
  const { left } = play(known(5), { letters: 40, rounds: 5, confirmations }, 0);
  const waited = left.filter(({ lane }) => lane === "confirmations").map(({ waitedMs }) => waitedMs);
  expect(waited).toHaveLength(20);
  expect(Math.max(...waited)).toBeLessThanOrEqual(1000);
});

test("when a burst of confirmations takes the whole rate, letters wait until it's over", () => {
  const confirmations = Array.from({ length: 40 }, () => 500);
  const { left } = play(known(5), { letters: 10, rounds: 2, confirmations }, 0);
  const lastConfirmation = Math.max(
    ...left.filter(({ lane }) => lane === "confirmations").map(({ at }) => at),
  );
  expect(lastConfirmation).toBeLessThan(500 + (40 / 5) * 1000 + 2000);
});

test("whoever is calling goes on before those who ask, so that few must ask", () => {
  const { left, asked } = play(known(10), { letters: 4, rounds: 50, confirmations: [] }, 0);
  expect(left).toHaveLength(200);
  expect(asked).toBeLessThan(20);
});

test("as many places as are wanted are given at once, a second ahead at most", () => {
  const { rate, reservation } = reserve(known(10), { lane: "letters", wanted: 25, from: "asking" }, 0);
  expect(reservation).toMatchObject({ kind: "go", waitsMs: [0, 103, 206, 308, 411] });
  expect(reserve(rate, one("letters"), 0).reservation).toEqual({ kind: "later", afterMs: 13, why: "pace" });
  expect(reserve(rate, one("letters", "goingOn"), 0).reservation).toMatchObject({ waitsMs: [513] });
  expect(reserve(rate, one("confirmations"), 0).reservation).toMatchObject({ waitsMs: [513] });
});

test("a changed limit holds from the next reservation on", () => {
  const slow = reserve(known(2), one("letters"), 0);
  const faster = observe(slow.rate, { limitPerSecond: 100, holdMs: 0, why: "" }, 0);
  const { left } = play(faster, { letters: 5, confirmations: [] }, 0);
  expect(Math.max(...left.map(({ at }) => at))).toBeLessThan(70);
});

test("after a 429 nobody calls before the time that it named, and a hold is never shortened", () => {
  const held = observe(known(10), { limitPerSecond: null, holdMs: 5000, why: "rate" }, 1000);
  expect(reserve(held, one("letters"), 2000).reservation).toEqual({
    kind: "later",
    afterMs: 4000,
    why: "rate",
  });
  expect(reserve(held, one("confirmations"), 5999).reservation).toMatchObject({ kind: "later", afterMs: 1 });
  const shorter = observe(held, { limitPerSecond: null, holdMs: 100, why: "rate" }, 1000);
  expect(shorter.heldUntil).toBe(6000);
  expect(reserve(held, one("letters"), 6000).reservation.kind).toBe("go");
});

test("a clock that was set back does not stop the mail", () => {
  const ahead = reserve(known(10), one("letters"), 1_000_000_000);
  expect(reserve(ahead.rate, one("letters"), 0).reservation).toMatchObject({ kind: "go", waitsMs: [0] });
});
