import { LEAVE_REASONS } from "../../../domain/people/leave-reason.ts";
import { say } from "../../ui/say.ts";

const FEEDBACK = ["sent", "delayed", "delivered", "failed", "suppressed", "bounced", "complained"] as const;
const CHANGES = ["slot", "pause", "resume", "skip", "return", "personal", "undo", "redo"] as const;
const STOPS = ["stopped", "broadcasts", "unsubscribed", "suppressed"] as const;
const REASONS = [
  "one_click",
  "unsubscribe_link",
  "preferences",
  "complaint",
  "bounce",
  "quarantine",
  "soft",
  "owner",
  "erased",
] as const;

/** What a mail service reported of a letter, in the page's language; what has no word is shown as it's stored, as below. */
export const feedbackWord = wordFor(FEEDBACK, (kind) => say(`data.feedback.${kind}`));

/** What a reader changed. */
export const changeWord = wordFor(CHANGES, (kind) => say(`data.change.${kind}`));

/** Why letters ended. */
export const reasonWord = wordFor(REASONS, (reason) => say(`data.reason.${reason}`));

/** What a reader said on leaving. */
export const saidWord = wordFor(LEAVE_REASONS, (said) => say(`why.${said}`));

/** That letters ended, and why. */
export function stopWord(kind: string, reason: string): string {
  return wordFor(STOPS, (known) => say(`data.stop.${known}`, { reason: reasonWord(reason) }))(kind);
}

function wordFor<Name extends string>(
  names: readonly Name[],
  word: (name: Name) => string,
): (stored: string) => string {
  return (stored) => {
    const known = names.find((name) => name === stored);
    return known === undefined ? stored : word(known);
  };
}
