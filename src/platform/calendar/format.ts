import { DAY_MS } from "./durations.ts";

/** A date that is further away than this is shown with its year. */
const YEARLESS_MS = 92 * DAY_MS;
/** 5 January 2026 was a Monday. */
const MONDAY = Date.UTC(2026, 0, 5);

const formats = new Map<string, Intl.DateTimeFormat>();

/** English dates are written the British way: the day comes before the month. */
function formatOf(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const tag = language === "en" ? "en-GB" : language;
  const name = JSON.stringify([tag, options]);
  let known = formats.get(name);
  if (known === undefined) {
    known = new Intl.DateTimeFormat(tag, options);
    formats.set(name, known);
  }
  return known;
}

/** Weekday names in a language (BCP 47) with their ISO numbers, Monday first. */
export function weekdayChoices(
  language: string,
): ReadonlyArray<{ readonly number: number; readonly name: string }> {
  return Array.from({ length: 7 }, (_, place) => ({
    number: place + 1,
    name: weekdayName(place + 1, language),
  }));
}

/** The name of an ISO weekday (1 to 7). Throws a RangeError on any other number. */
export function weekdayName(weekday: number, language: string): string {
  if (!Number.isInteger(weekday) || weekday < 1 || weekday > 7) throw new RangeError(`weekday ${weekday}`);
  return formatOf(language, { weekday: "long", timeZone: "UTC" }).format(MONDAY + (weekday - 1) * DAY_MS);
}

/** "09:00" for an hour of the day (0 to 23). */
export function hourName(hour: number): string {
  return `${String(hour).padStart(2, "0")}:00`;
}

/** "Tue 1 Dec" in a zone; with the year where that's more than three months from `now`. */
export function shortDate(atMs: number, timeZone: string, now: number, language: string): string {
  const year = Math.abs(atMs - now) > YEARLESS_MS ? ({ year: "numeric" } as const) : {};
  const format = formatOf(language, { timeZone, weekday: "short", day: "numeric", month: "short", ...year });
  if (language !== "en") return format.format(atMs);
  const parts = format.formatToParts(atMs).filter(({ type }) => type !== "literal");
  // "Sept" is the one month that British English cuts to four letters.
  return parts.map(({ type, value }) => (type === "month" ? value.slice(0, 3) : value)).join(" ");
}

/** "09:00" on the reader's wall clock. */
export function clockTime(atMs: number, timeZone: string, language: string): string {
  return formatOf(language, { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(atMs);
}

/** "in 25 minutes", "in 3 hours", rounded up. */
export function inSoLong(ms: number, language: string): string {
  const minutes = Math.max(1, Math.ceil(ms / 60_000));
  const format = new Intl.RelativeTimeFormat(language);
  return minutes < 90 ? format.format(minutes, "minute") : format.format(Math.ceil(minutes / 60), "hour");
}
