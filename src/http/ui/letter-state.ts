import { say } from "./say.ts";

const STATES = ["planned", "accepted", "skipped", "failed", "held", "uncertain"] as const;

/** What became of a letter, in the page's language; a state that has no word is shown as it's stored. */
export function letterState(stored: string): string {
  const known = STATES.find((state) => state === stored);
  return known === undefined ? stored : say(`data.letter.${known}`);
}
