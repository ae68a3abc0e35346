/** What a reader may say about leaving, if they like. */
export const LEAVE_REASONS = [
  "too_often",
  "not_now",
  "not_expected",
  "not_for_me",
  "never_asked",
  "other",
] as const;
export type LeaveReason = (typeof LEAVE_REASONS)[number];
