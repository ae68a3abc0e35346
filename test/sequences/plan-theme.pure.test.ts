import { describe, expect, test } from "vitest";
import type { LedgerTheme } from "../../src/domain/ledger/ledger-theme.ts";
import {
  type DueEnrollment,
  nextStep,
  type PlanStep,
  planTheme,
  renditionFor,
} from "../../src/domain/sequences/plan-theme.ts";

const DAY = 24 * 3_600_000;
const DUE = Date.UTC(2026, 10, 24, 8);
const steps: PlanStep[] = [1, 2, 3].map((stepId) => ({
  stepId,
  position: stepId - 1,
  status: "published",
  backfill: true,
  renditionId: stepId * 10,
  variants: { teenager: stepId * 10 + 1 },
}));
const STANDING = {
  consent: null,
  erasure: null,
  requestedAt: null,
  suppression: null,
  suppressedAt: null,
} as const;
const at = (now: number, lostUntil = 0) => ({ now, lostUntil });
const due: DueEnrollment = {
  round: 1,
  slot: { weekday: 2, hour: 9, timeZone: "Europe/Berlin" },
  everyWeeks: 1,
  dueAt: DUE,
  standing: { ...STANDING, subscriber: "active", enrollment: "active" },
};
const had = (
  stepId: number,
  weeksAgo: number,
  state: LedgerTheme["state"] = "accepted",
  lateMs = 0,
): LedgerTheme => {
  const slotAt = DUE - weeksAgo * 7 * DAY;
  return { stepId, round: 1, slotAt, arrivedAt: slotAt + lateMs, state };
};

test("the first theme is planned in its slot, and the next slot is a week on", () => {
  expect(planTheme(due, [], steps, at(DUE))).toEqual({
    kind: "plan",
    step: steps[0],
    nextDueAt: DUE + 7 * DAY,
  });
});

test.each([
  ["accepted", "plan"],
  ["failed", "plan"],
  ["uncertain", "plan"],
  ["planned", "skip"],
  ["held", "skip"],
] as const)("after a theme that is %s the next slot is a %s", (state, kind) => {
  const decision = planTheme(due, [had(1, 1, state)], steps, at(DUE));
  expect(decision).toMatchObject({ kind, step: steps[1] });
  if (kind === "skip") expect(decision).toMatchObject({ reason: "earlier_open" });
});

test("an inserted theme comes next, a moved one is not repeated, whatever the positions say", () => {
  const edited = [
    { ...steps[2], position: 0 },
    { ...steps[0], position: 1 },
    { ...steps[1], position: 2 },
  ] as PlanStep[];
  expect(planTheme(due, [had(1, 2), had(2, 1)], edited, at(DUE))).toMatchObject({ step: { stepId: 3 } });
  const inserted = [
    { ...steps[0], stepId: 9, position: 0 },
    ...steps.map((s) => ({ ...s, position: s.position + 1 })),
  ] as PlanStep[];
  expect(planTheme(due, [had(1, 2), had(2, 1)], inserted, at(DUE))).toMatchObject({ step: { stepId: 9 } });
});

test("a theme published without backfill is left out for readers who are past it", () => {
  const inserted = [
    { ...steps[0], stepId: 9, position: 0, backfill: false },
    ...steps.map((s) => ({ ...s, position: s.position + 1 })),
  ] as PlanStep[];
  expect(nextStep(1, [had(1, 1)], inserted)).toMatchObject({ stepId: 2 });
  expect(nextStep(1, [], inserted)).toMatchObject({ stepId: 9 });
});

test("another round begins at the first theme again", () => {
  expect(nextStep(2, [had(1, 3), had(2, 2), had(3, 1)], steps)).toMatchObject({ stepId: 1 });
});

describe("lateness", () => {
  test.each([
    [0, "plan"],
    [48 * 3_600_000, "plan"],
    [48 * 3_600_000 + 1, "skip"],
    [30 * DAY, "skip"],
  ] as const)("%i ms after its slot the decision is %s", (late, kind) => {
    expect(planTheme(due, [], steps, at(DUE + late)).kind).toBe(kind);
  });
});

test.each([
  ["a day late", 1, 1, DAY, "plan"],
  ["a little more than a day late", 1, 1, DAY + 1, "defer"],
  ["held and released four days later", 1, 1, 4 * DAY, "defer"],
  ["in time, two weeks ago, where one comes every two weeks", 2, 2, 0, "plan"],
  ["a day late, where one comes every two weeks", 2, 2, DAY, "plan"],
  ["two days late, where one comes every two weeks", 2, 2, 2 * DAY, "defer"],
] as const)(
  "after a theme that came %s the next slot is put off without a record where it would come too soon",
  (_, weeksAgo, everyWeeks, lateMs, kind) => {
    const decision = planTheme(
      { ...due, everyWeeks },
      [had(1, weeksAgo, "accepted", lateMs)],
      steps,
      at(DUE),
    );
    expect(decision.kind).toBe(kind);
    if (kind === "defer") expect(decision).toEqual({ kind, nextDueAt: DUE + 7 * DAY });
  },
);

test("a draft holds its readers and does not skip them ahead", () => {
  const draft = steps.map((step) => (step.stepId === 2 ? { ...step, status: "draft" as const } : step));
  expect(planTheme(due, [had(1, 1)], draft, at(DUE))).toMatchObject({
    kind: "skip",
    reason: "unpublished",
    step: { stepId: 2 },
  });
});

test("with nothing left the sequence is complete, but not while the last letter is on its way", () => {
  const all = [had(1, 3), had(2, 2), had(3, 1)];
  expect(planTheme(due, all, steps, at(DUE))).toEqual({ kind: "complete" });
  expect(planTheme(due, [...all.slice(0, 2), had(3, 1, "planned")], steps, at(DUE)).kind).toBe("defer");
});

test.each([
  [{ subscriber: "unsubscribed", enrollment: "active" }, "unsubscribed"],
  [{ subscriber: "pending", enrollment: "active" }, "not_confirmed"],
  [{ subscriber: "active", enrollment: "paused" }, "paused"],
  [{ subscriber: "active", enrollment: "stopped" }, "stopped"],
  [{ subscriber: "active", enrollment: "active", suppression: "soft" }, "suppressed"],
] as const)("nobody is planned a theme who may not be mailed: %o", (standing, reason) => {
  expect(planTheme({ ...due, standing: { ...STANDING, ...standing } }, [], steps, at(DUE))).toMatchObject({
    kind: "skip",
    reason,
  });
});

test("a slot in the time that a restored database lost passes, and its theme stays next", () => {
  expect(planTheme(due, [], steps, at(DUE + 1, DUE))).toMatchObject({ kind: "skip", reason: "restored" });
  expect(planTheme(due, [], steps, at(DUE + 1, DUE - 1))).toMatchObject({ kind: "plan" });
});

test("a reader who wants fewer letters gets the next one two or four weeks on, and a slot that passes costs one week only", () => {
  for (const everyWeeks of [2, 4]) {
    expect(planTheme({ ...due, everyWeeks }, [], steps, at(DUE))).toMatchObject({
      kind: "plan",
      nextDueAt: DUE + everyWeeks * 7 * DAY,
    });
    expect(planTheme({ ...due, everyWeeks }, [], steps, at(DUE + 3 * DAY))).toMatchObject({
      kind: "skip",
      reason: "missed",
      nextDueAt: DUE + 7 * DAY,
    });
  }
});

test("a reader gets the rendition for their answer, or the common one where there is none", () => {
  const [step] = steps;
  if (step === undefined) throw new Error("no step");
  expect(renditionFor(step, "teenager")).toBe(11);
  expect(renditionFor(step, "young-boy")).toBe(10);
  expect(renditionFor(step, "")).toBe(10);
  expect(renditionFor(step, "constructor")).toBe(10);
});
