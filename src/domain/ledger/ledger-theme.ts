/** An unskipped theme of an enrollment: one that was, is or may be with the reader. */
export type LedgerTheme = {
  readonly stepId: number;
  readonly round: number;
  readonly slotAt: number;
  readonly state: "planned" | "accepted" | "failed" | "held" | "uncertain";
};
