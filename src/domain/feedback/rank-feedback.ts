/** What a mailbox can say of a letter, from the weakest to the strongest. A stronger word is never replaced by a weaker one. */
export const FEEDBACK_RANKS = [
  "delayed",
  "delivered",
  "failed",
  "suppressed",
  "bounced",
  "complained",
] as const;

export type FeedbackKind = (typeof FEEDBACK_RANKS)[number];
