import { clockTime, longDate } from "../../platform/calendar/format.ts";
import { say } from "../../platform/texts/texts.ts";

/** When something comes, as texts in a zone. */
export function moment(atMs: number, timeZone: string) {
  return { date: longDate(atMs, timeZone), time: clockTime(atMs, timeZone), zone: timeZone };
}

/** An instant in words, in a zone. */
export function inWords(atMs: number, timeZone: string): string {
  return say("standing.line", moment(atMs, timeZone));
}

/** An instant in words, which programs can read, too. */
export function Instant({ at, timeZone }: { readonly at: number; readonly timeZone: string }) {
  return <time datetime={new Date(at).toISOString()}>{inWords(at, timeZone)}</time>;
}
