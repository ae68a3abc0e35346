import { keptApart, type Slot, slotAfter } from "../../platform/calendar/slot.ts";
import { LATE_AFTER_MS } from "../ledger/late-after.ts";
import { type LedgerTheme, lastArrival } from "../ledger/ledger-theme.ts";
import { mayGetTheme, type ReaderStanding } from "./theme-kind.ts";

/** A step of a sequence as the planner sees it. Archived steps are not among them. */
export type PlanStep = {
  readonly stepId: number;
  readonly position: number;
  readonly status: "published" | "draft";
  readonly backfill: boolean;
  readonly renditionId: number;
  /** Other renditions, by the choice that they're for; a reader whose answer is not among them gets the first one. */
  readonly variants: Readonly<Record<string, number>>;
};

/** An enrollment whose slot has come. */
export type DueEnrollment = {
  readonly round: number;
  readonly slot: Slot;
  /** A theme comes every so many weeks. A slot that passes is followed by the next week's all the same. */
  readonly everyWeeks: number;
  readonly dueAt: number;
  readonly standing: ReaderStanding;
};

export type ThemeDecision =
  | { readonly kind: "plan"; readonly step: PlanStep; readonly nextDueAt: number }
  | {
      readonly kind: "skip";
      readonly step: PlanStep;
      /** `missed`, `restored`, `earlier_open`, `unpublished`, or why the reader may not be mailed. */
      readonly reason: string;
      readonly nextDueAt: number;
    }
  /** Nothing to record: the slot comes too soon after the last theme, or the last letter is still on its way. */
  | { readonly kind: "defer"; readonly nextDueAt: number }
  | { readonly kind: "complete" };

/**
 * What a due slot comes to. The ledger decides, not a counter: the next step is the first in order that this round has
 * no unskipped theme for. Steps must be in position order. Slots up to `lostUntil` lie in the time that a restored database
 * lost; what happened in them is not known, so they pass (0 when there is none).
 */
export function planTheme(
  enrollment: DueEnrollment,
  ledger: readonly LedgerTheme[],
  steps: readonly PlanStep[],
  at: { readonly now: number; readonly lostUntil: number },
): ThemeDecision {
  const open = ledger.some((theme) => theme.state === "planned" || theme.state === "held");
  const { slot, dueAt, everyWeeks } = enrollment;
  const step = nextStep(enrollment.round, ledger, steps);
  if (step === null)
    return open ? { kind: "defer", nextDueAt: slotAfter(slot, dueAt) } : { kind: "complete" };
  const apartAt = keptApart(slot, dueAt, lastArrival(ledger), everyWeeks);
  if (apartAt > dueAt) return { kind: "defer", nextDueAt: apartAt };
  const skip = (reason: string): ThemeDecision => ({
    kind: "skip",
    step,
    reason,
    nextDueAt: slotAfter(slot, dueAt),
  });
  if (dueAt <= at.lostUntil) return skip("restored");
  if (at.now - dueAt > LATE_AFTER_MS) return skip("missed");
  const eligibility = mayGetTheme(enrollment.standing);
  if (eligibility.kind === "ineligible") return skip(eligibility.reason);
  if (open) return skip("earlier_open");
  if (step.status === "draft") return skip("unpublished");
  return { kind: "plan", step, nextDueAt: slotAfter(slot, dueAt, everyWeeks) };
}

/**
 * The first step in position order without an unskipped theme in this round; a step published without backfill only
 * counts for readers who have had nothing behind it. Null at the end of the sequence.
 */
export function nextStep<Step extends PlanStep>(
  round: number,
  ledger: ReadonlyArray<Pick<LedgerTheme, "round" | "stepId">>,
  steps: readonly Step[],
): Step | null {
  const had = new Set(ledger.filter((theme) => theme.round === round).map((theme) => theme.stepId));
  const reached = steps.reduce(
    (last, step) => (had.has(step.stepId) ? Math.max(last, step.position) : last),
    -1,
  );
  return steps.find((step) => !had.has(step.stepId) && (step.backfill || step.position > reached)) ?? null;
}

/** The steps that a reader still gets in this round, in order, drafts among them. */
export function stepsAhead<Step extends PlanStep>(
  round: number,
  ledger: readonly LedgerTheme[],
  steps: readonly Step[],
): Step[] {
  const had = [...ledger];
  const ahead: Step[] = [];
  for (;;) {
    const step = nextStep(round, had, steps);
    if (step === null) return ahead;
    ahead.push(step);
    had.push({ stepId: step.stepId, round, slotAt: 0, arrivedAt: 0, state: "accepted" });
  }
}

/** The rendition of a step for a reader. */
export function renditionFor(step: PlanStep, answer: string): number {
  return Object.hasOwn(step.variants, answer)
    ? (step.variants[answer] ?? step.renditionId)
    : step.renditionId;
}
