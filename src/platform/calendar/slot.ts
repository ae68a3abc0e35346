import { Temporal } from "temporal-polyfill";
import { DAY_MS, HOUR_MS } from "./durations.ts";

/** The first theme keeps this much distance from the confirmation (rule 6.04). */
export const FIRST_THEME_AFTER_MS = 12 * HOUR_MS;

/** Weekday (ISO 8601: 1 Monday to 7 Sunday), hour (0 to 23) and IANA zone in which a subscriber gets themes. */
export type Slot = { readonly weekday: number; readonly hour: number; readonly timeZone: string };

/**
 * The first instant of `slot` at or after `atMs` (epoch ms). Reckoned by local date: a wall time that a DST gap swallows
 * comes later by the length of the gap, one that a fold repeats comes the first time only
 * (Temporal's `compatible`; rule 6.13).
 */
export function slotOnOrAfter(slot: Slot, atMs: number): number {
  const local = Temporal.Instant.fromEpochMilliseconds(Math.ceil(atMs)).toZonedDateTimeISO(slot.timeZone);
  const daysAhead = (slot.weekday - local.dayOfWeek + 7) % 7;
  const date = local.toPlainDate().add({ days: daysAhead });
  const candidateMs = instantOf(slot, date);
  return candidateMs >= atMs ? candidateMs : instantOf(slot, date.add({ days: 7 }));
}

/** How often a theme comes, in weeks. */
export const EVERY_WEEKS = [1, 2, 4] as const;

/** The least distance of two themes for a reader who gets one every so many weeks: a day less, for slots that move (DESIGN guarantee 3; rule 6.17). */
export function gapMs(everyWeeks: number): number {
  return (7 * everyWeeks - 1) * DAY_MS;
}

/**
 * The slot that follows the one at `slotMs`: the same weekday one calendar week on (or two, or four), at the same wall time,
 * and never less than six days later.
 */
export function slotAfter(slot: Slot, slotMs: number, everyWeeks = 1): number {
  return slotOnOrAfter(slot, slotMs + gapMs(everyWeeks));
}

/**
 * When the next theme may come after a change, a pause or a return: the first slot at or after `notBeforeMs` that
 * leaves six days to the last theme's arrival (`lastMs`, null when there was none), or as many weeks as the reader chose, less a day.
 */
export function nextSlot(slot: Slot, notBeforeMs: number, lastMs: number | null, everyWeeks = 1): number {
  return slotOnOrAfter(
    slot,
    lastMs === null ? notBeforeMs : Math.max(notBeforeMs, lastMs + gapMs(everyWeeks)),
  );
}

/** A slot as it comes due (`dueMs`), or the first later one that keeps the distance to the last theme's arrival. */
export function keptApart(slot: Slot, dueMs: number, lastMs: number | null, everyWeeks: number): number {
  const isApart = lastMs === null || dueMs >= lastMs + gapMs(everyWeeks);
  return isApart ? dueMs : nextSlot(slot, dueMs, lastMs, everyWeeks);
}

/** The first instant of a local date (ISO 8601), later where a DST gap swallows midnight. */
export function startOfDate(date: string, timeZone: string): number {
  return Temporal.PlainDate.from(date).toZonedDateTime(timeZone).epochMilliseconds;
}

/** The local date (ISO 8601) of an instant, `days` days on. */
export function localDate(atMs: number, timeZone: string, days = 0): string {
  return Temporal.Instant.fromEpochMilliseconds(atMs)
    .toZonedDateTimeISO(timeZone)
    .toPlainDate()
    .add({ days })
    .toString();
}

/** An hour of a local date as an instant: a wall time that a DST gap swallows comes later by the gap, one that a fold repeats the first time. */
export function hourOfDate(date: string, hour: number, timeZone: string): number {
  return Temporal.PlainDate.from(date)
    .toPlainDateTime({ hour })
    .toZonedDateTime(timeZone, { disambiguation: "compatible" }).epochMilliseconds;
}

/** The same wall time some days on, resolved in the same way. */
export function daysOn(atMs: number, timeZone: string, days: number): number {
  return Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone).add({ days })
    .epochMilliseconds;
}

/** The hour (0 to 23) of an instant on a local clock. */
export function localHour(atMs: number, timeZone: string): number {
  return Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone).hour;
}

/** Whether a text is a date of the calendar, written as YYYY-MM-DD. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  try {
    Temporal.PlainDate.from(text, { overflow: "reject" });
    return true;
  } catch {
    return false;
  }
}

function instantOf(slot: Slot, date: Temporal.PlainDate): number {
  return date
    .toPlainDateTime({ hour: slot.hour })
    .toZonedDateTime(slot.timeZone, { disambiguation: "compatible" }).epochMilliseconds;
}
