/**
 * How an attempt ended, as its ledger row keeps it: one of these words, a colon, a cause. An attempt without outcome was
 * under way when its consumer died.
 */
export type AttemptOutcome = `${"accepted" | "refused" | "unanswered"}:${string}`;

/** Whether such an attempt may have been taken without our knowing. */
export function isUnknown(outcome: string | null): boolean {
  return outcome === null || outcome.startsWith("unanswered:");
}
