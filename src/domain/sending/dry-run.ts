import { type PlanStep, planTheme, renditionFor } from "../sequences/plan-theme.ts";
import { readDryMembers } from "../sequences/queries/dry-members.ts";
import { type Cursor, type DueRow, readDuePage } from "../sequences/queries/plan.ts";
import { readSequencePlans } from "../sequences/queries/sequences.ts";
import type { Services } from "../services.ts";
import { composeCall } from "./compose-call.ts";
import { frameOf } from "./message-frame.ts";

const PAGE_SIZE = 1000;
const PAGES_MAX = 50;
const SAMPLE = 200;

/** What a tick at an instant would do. */
export type DryRun = {
  readonly due: number;
  readonly letters: Readonly<Record<string, number>>;
  readonly passed: Readonly<Record<string, number>>;
  /** Whether more was due than a dry run looks at. */
  readonly cut: boolean;
  /** Of the letters composed as a sample: how many, their bytes, and what is wrong with any. */
  readonly composed: { readonly letters: number; readonly bytes: number; readonly faults: readonly string[] };
};

/**
 * Plans and composes what is due at `at` without writing a row and without calling the provider. `at` is the product's time.
 */
export async function dryRun(deps: Services, at: number): Promise<DryRun> {
  const plans = Map.groupBy(await readSequencePlans(deps.db), (step) => step.sequenceId);
  const letters = new Map<string, number>();
  const passed = new Map<string, number>();
  const sample: { enrollmentId: number; renditionId: number; stepId: number }[] = [];
  let cursor: Cursor = { dueAt: Number.MIN_SAFE_INTEGER, enrollmentId: 0 };
  let due = 0;
  let pages = 0;
  for (; pages < PAGES_MAX; pages += 1) {
    const page = await readDuePage(deps.db, at, cursor, PAGE_SIZE);
    const last = page.at(-1);
    if (last === undefined) break;
    cursor = { dueAt: last.dueAt, enrollmentId: last.enrollmentId };
    due += page.length;
    for (const row of page) {
      const decision = decide(row, plans.get(row.sequenceId) ?? [], at);
      if (decision.kind === "plan") {
        const { stepId } = decision.step;
        const renditionId = renditionFor(decision.step, row.answer);
        const slug = plans.get(row.sequenceId)?.find((step) => step.stepId === stepId)?.slug ?? "";
        count(letters, slug);
        if (sample.length < SAMPLE) sample.push({ enrollmentId: row.enrollmentId, renditionId, stepId });
      } else count(passed, decision.kind === "skip" ? decision.reason : decision.kind);
    }
  }
  const members = await readDryMembers(deps.db, sample);
  const call = await composeCall(deps, await frameOf(deps.config), members);
  return {
    due,
    letters: Object.fromEntries(letters),
    passed: Object.fromEntries(passed),
    cut: pages === PAGES_MAX,
    composed: {
      letters: call.messages.length,
      bytes: call.messages.reduce((sum, { html, text }) => sum + html.length + text.length, 0),
      faults: [...new Set(call.failed.map(({ reason }) => reason))],
    },
  };
}

function decide(row: DueRow, steps: readonly PlanStep[], at: number) {
  const {
    weekday,
    hour,
    timeZone,
    everyWeeks,
    round,
    dueAt,
    subscriber,
    enrollment,
    suppression,
    suppressedAt,
  } = row;
  const standing = { subscriber, enrollment, suppression, suppressedAt };
  const slot = { weekday, hour, timeZone };
  const enrollmentDue = { round, slot, everyWeeks, dueAt, standing };
  return planTheme(enrollmentDue, row.ledger, steps, { now: at, lostUntil: 0 });
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
