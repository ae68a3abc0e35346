/** What is known of a run when something went wrong in it. */
export type RunFigures = {
  /** Letters that the provider took or refused so far. */
  readonly attempted: number;
  readonly failed: number;
  readonly bounced: number;
  readonly complained: number;
};
