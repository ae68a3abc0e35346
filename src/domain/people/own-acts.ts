/**
 * Acts of the reader's own hand, by the reason that their opt-out keeps. A complaint, a bounce or an erasure is not one: it can't
 * be taken back by a link.
 */
export const OWN_ACTS = ["one_click", "unsubscribe_link", "preferences"] as const;

/** Whether an opt-out was the reader's own act. */
export function isOwnAct(reason: string): boolean {
  return OWN_ACTS.some((act) => act === reason);
}
