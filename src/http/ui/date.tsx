import { clockTime, shortDate, zoneName } from "../../platform/calendar/format.ts";
import { say } from "./say.ts";
import { shown } from "./shown.ts";

/** A date in a zone, as short as it's clear from the page's own time. */
export function dateOf(atMs: number, timeZone: string): string {
  const { now, language } = shown();
  return shortDate(atMs, timeZone, now, language);
}

/** When something comes, as texts in a zone. */
export function moment(atMs: number, timeZone: string) {
  const { language } = shown();
  return {
    date: dateOf(atMs, timeZone),
    time: clockTime(atMs, timeZone, language),
    zone: zoneName(timeZone, atMs),
  };
}

/** An instant in words, in a zone. */
export function inWords(atMs: number, timeZone: string): string {
  return say("standing.line", moment(atMs, timeZone));
}

/** An instant in words, which programs can read, too. */
export function Instant({ at, timeZone }: { readonly at: number; readonly timeZone: string }) {
  return <time datetime={new Date(at).toISOString()}>{inWords(at, timeZone)}</time>;
}
