import fc from "fast-check";
import { expect, test } from "vitest";
import { INITIAL_RATE, type Lane, observe, type Rate, reserve } from "../../src/platform/guard/rate.ts";

const known = (limitPerSecond: number): Rate =>
  observe(INITIAL_RATE, { limitPerSecond, holdMs: 0, why: "" }, 0);

/** Reserves one call after another, each as soon as the last one left; returns when each leaves. */
function depart(start: Rate, lanes: readonly Lane[], from: number): { at: number[]; rate: Rate } {
  let rate = start;
  const at = lanes.map((lane) => {
    const result = reserve(rate, lane, from);
    rate = result.rate;
    if (result.reservation.kind === "later") throw new Error("later");
    return from + result.reservation.waitMs;
  });
  return { at, rate };
}

test("in no second do more letters leave than the provider allows, and the limit is nearly reached", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 50 }), (limit) => {
      const { at } = depart(known(limit), Array(limit * 10).fill("letters"), 1000);
      for (const from of at)
        expect(at.filter((one) => one >= from && one < from + 1000).length).toBeLessThanOrEqual(limit);
      const perSecond = (at.length - 1) / (((at.at(-1) ?? 0) - (at[0] ?? 0)) / 1000);
      expect(perSecond / limit).toBeGreaterThan(0.95);
    }),
  );
});

test("a confirmation leaves at once in the middle of a run, and the letters make room for it", () => {
  const before = depart(known(5), Array(10).fill("letters"), 0);
  const confirmation = reserve(before.rate, "confirmations", 0);
  expect(confirmation.reservation).toMatchObject({ kind: "go", waitMs: 0 });
  const usual = reserve(before.rate, "letters", 0).reservation;
  const next = reserve(confirmation.rate, "letters", 0).reservation;
  if (usual.kind !== "go" || next.kind !== "go") throw new Error("go");
  expect(next.waitMs - usual.waitMs).toBe(200);
});

test("a changed limit holds from the next reservation on", () => {
  const slow = depart(known(2), ["letters", "letters"], 0);
  const faster = observe(slow.rate, { limitPerSecond: 100, holdMs: 0, why: "" }, 0);
  const { at } = depart(faster, Array(5).fill("letters"), 0);
  expect((at[4] ?? 0) - (at[0] ?? 0)).toBeLessThan(60);
});

test("after a 429 nobody calls before the time that it named, and a hold is never shortened", () => {
  const held = observe(known(10), { limitPerSecond: null, holdMs: 5000, why: "rate" }, 1000);
  expect(reserve(held, "letters", 2000).reservation).toEqual({ kind: "later", afterMs: 4000, why: "rate" });
  expect(reserve(held, "confirmations", 5999).reservation).toMatchObject({ kind: "later", afterMs: 1 });
  const shorter = observe(held, { limitPerSecond: null, holdMs: 100, why: "rate" }, 1000);
  expect(shorter.heldUntil).toBe(6000);
  expect(reserve(held, "letters", 6000).reservation.kind).toBe("go");
});

test("whoever would wait longer than a consumer should comes back instead", () => {
  let rate = known(1);
  const kinds = Array.from({ length: 40 }, () => {
    const result = reserve(rate, "letters", 0);
    rate = result.rate;
    return result.reservation.kind;
  });
  expect(kinds).toContain("later");
  expect(kinds.indexOf("later")).toBeGreaterThan(15);
});

test("a clock that was set back does not stop the mail", () => {
  const ahead = depart(known(10), ["letters", "confirmations"], 1_000_000_000);
  expect(reserve(ahead.rate, "letters", 0).reservation).toMatchObject({ kind: "go", waitMs: 0 });
});
