import { Temporal } from "temporal-polyfill";
import { DAY_MS } from "./durations.ts";
import { cityOf } from "./time-zone.ts";

/** A date that is further away than this is shown with its year. */
const YEARLESS_MS = 92 * DAY_MS;
/** 5 January 2026 was a Monday. */
const MONDAY = Date.UTC(2026, 0, 5);

/** Zones whose people write English and read a clock of twelve hours (CLDR, time data: hours allowed and preferred by region). */
const TWELVE_HOURS =
  /^(America|US|Canada|Australia)\/|^Pacific\/(Auckland|Honolulu)|^Asia\/(Kolkata|Calcutta|Karachi|Manila|Singapore)|^Africa\/(Cairo|Lagos)/;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Languages by tags of their own: English dates have the day before the month, Arabic ones the digits of addresses and hours. */
const TAGS: Readonly<Record<string, string>> = { en: "en-GB", ar: "ar-u-nu-latn" };

function formatOf(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const name = JSON.stringify([language, options]);
  let known = formats.get(name);
  if (known === undefined) {
    known = new Intl.DateTimeFormat(TAGS[language] ?? language, options);
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

/** An hour of the day (0 to 23) as people of a language and a zone write it: "9:00", "9:00 am", "9 h". */
export function hourName(hour: number, language: string, timeZone: string): string {
  return asWritten(Date.UTC(2026, 0, 5, hour), "UTC", language, clockOf(language, timeZone));
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

/** "9:00", "9:00 am", "9 h" or "9 h 05", on the reader's wall clock. */
export function clockTime(atMs: number, timeZone: string, language: string): string {
  return asWritten(atMs, timeZone, language, clockOf(language, timeZone));
}

/** A time as people write it: the hours 1 to 9 have one digit, and French says "h". */
function asWritten(
  atMs: number,
  timeZone: string,
  language: string,
  clock: Intl.DateTimeFormatOptions,
): string {
  const format = formatOf(language, { ...clock, timeZone });
  if (clock.hour12 === true) return format.format(atMs);
  const time = format.format(atMs).replace(/^0(?=[1-9])/, "");
  if (language !== "fr") return time;
  const [hours = "", minutes = ""] = time.split(":");
  return minutes === "00" ? `${Number(hours)}\u00a0h` : `${Number(hours)}\u00a0h\u00a0${minutes}`;
}

/** Which clock people of a language in a zone read. What a language says by itself, its own format knows. */
function clockOf(language: string, timeZone: string): Intl.DateTimeFormatOptions {
  const twelve = language === "en" ? TWELVE_HOURS.test(timeZone) : language === "ar";
  return twelve
    ? { hour: "numeric", minute: "2-digit", hour12: true }
    : { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
}

/** A zone as people know it, by its city and its distance from Greenwich then: "Berlin, GMT+1". */
export function zoneName(timeZone: string, atMs: number): string {
  if (timeZone === "UTC") return timeZone;
  return `${cityOf(timeZone)}, ${zoneOffset(timeZone, atMs)}`;
}

/** "GMT+1", "GMT-3:30", "GMT". */
export function zoneOffset(timeZone: string, atMs: number): string {
  const { offset } = Temporal.Instant.fromEpochMilliseconds(Math.floor(atMs)).toZonedDateTimeISO(timeZone);
  const [, sign = "", hours = "0", minutes = "00"] = /^([+-])(\d\d):(\d\d)/.exec(offset) ?? [];
  if (hours === "00" && minutes === "00") return "GMT";
  return `GMT${sign}${Number(hours)}${minutes === "00" ? "" : `:${minutes}`}`;
}

/** "in 25 minutes", "in 3 hours", rounded up. */
export function inSoLong(ms: number, language: string): string {
  const minutes = Math.max(1, Math.ceil(ms / 60_000));
  const format = new Intl.RelativeTimeFormat(TAGS[language] ?? language);
  return minutes < 90 ? format.format(minutes, "minute") : format.format(Math.ceil(minutes / 60), "hour");
}
