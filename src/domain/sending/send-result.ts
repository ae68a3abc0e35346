/** What became of a batch when a consumer worked on it. */
export type SendResult =
  | { readonly kind: "done"; readonly accepted: number }
  /** Open still; nothing more to do before `afterMs` are over. */
  | { readonly kind: "later"; readonly afterMs: number; readonly why: string }
  /** Done, leased by another consumer, or backing off. */
  | { readonly kind: "not_claimed" };

/** The same of a batch that was gathered first; null where none was. */
export type Gathered = SendResult & { readonly batchId: number | null };
