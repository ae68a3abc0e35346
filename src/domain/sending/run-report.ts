import type { RunCount } from "../ledger/queries/runs.ts";

/** The accounting of a run (guarantee 2): every letter stands in exactly one place. */
type RunAccount = {
  readonly planned: number;
  readonly waiting: number;
  readonly accepted: number;
  readonly skipped: number;
  readonly failed: number;
  readonly held: number;
  readonly uncertain: number;
  /** Whether the letters found add up to those that were planned. */
  readonly adds_up: boolean;
};

/** Adds the counts of a run up; `reasons` and `passed` tell why letters were not accepted, and slots passed without one. */
export function accountOf(run: {
  readonly planned: number;
  readonly letters: readonly RunCount[];
  readonly passed: readonly RunCount[];
}) {
  const { letters, passed } = run;
  const sumOf = (state: string) => total(letters.filter((count) => count.state === state));
  const account: RunAccount = {
    planned: run.planned,
    waiting: sumOf("planned"),
    accepted: sumOf("accepted"),
    skipped: sumOf("skipped"),
    failed: sumOf("failed"),
    held: sumOf("held"),
    uncertain: sumOf("uncertain"),
    adds_up: total(letters) === run.planned,
  };
  return {
    account,
    reasons: byName(
      letters.filter((count) => count.reason !== null),
      (count) => `${count.state}: ${count.reason}`,
    ),
    passed: byName(passed, (count) => count.reason ?? "unknown"),
    feedback: byName(
      letters.filter((count) => count.feedback !== null),
      (count) => count.feedback ?? "",
    ),
    steps: byName(letters, (count) => count.step ?? "none"),
  };
}

function total(counts: readonly RunCount[]): number {
  return counts.reduce((sum, count) => sum + count.letters, 0);
}

function byName(counts: readonly RunCount[], nameOf: (count: RunCount) => string): Record<string, number> {
  const sums = new Map<string, number>();
  for (const count of counts) sums.set(nameOf(count), (sums.get(nameOf(count)) ?? 0) + count.letters);
  return Object.fromEntries(sums);
}
