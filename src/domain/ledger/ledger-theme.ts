/** An unskipped theme of an enrollment: one that was, is or may be with the reader. */
export type LedgerTheme = {
  readonly stepId: number;
  readonly round: number;
  readonly slotAt: number;
  /** When it may have arrived: its slot, or its acceptance if that was later. */
  readonly arrivedAt: number;
  readonly state: "planned" | "accepted" | "failed" | "held" | "uncertain";
};

/** When the last theme arrived; null where there was none. */
export function lastArrival(ledger: readonly LedgerTheme[]): number | null {
  return ledger.reduce<number | null>((last, { arrivedAt }) => Math.max(last ?? arrivedAt, arrivedAt), null);
}
