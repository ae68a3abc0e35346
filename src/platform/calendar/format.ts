const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;

/** English weekday names with their ISO numbers, Monday first. */
export const WEEKDAY_CHOICES: ReadonlyArray<{ readonly number: number; readonly name: string }> =
  WEEKDAYS.map((name, index) => ({ number: index + 1, name }));

/** The English name of an ISO weekday (1 to 7). */
export function weekdayName(weekday: number): string {
  const name = WEEKDAYS[weekday - 1];
  if (name === undefined) throw new RangeError(`weekday ${weekday}`);
  return name;
}

/** "09:00" for an hour of the day (0 to 23). */
export function hourName(hour: number): string {
  return `${String(hour).padStart(2, "0")}:00`;
}

/** "Tuesday 1 December 2026" in the reader's zone. */
export function longDate(atMs: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
  }).formatToParts(atMs);
  const part = (type: string) => parts.find((p) => p.type === type)?.value ?? "";
  return `${part("weekday")} ${part("day")} ${part("month")} ${part("year")}`;
}

/** "09:00" on the reader's wall clock. */
export function clockTime(atMs: number, timeZone: string): string {
  return new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(atMs);
}

/** "in 25 minutes", "in 3 hours", in that language, rounded up; a language tag as `Intl` takes it. */
export function inSoLong(ms: number, language: string): string {
  const minutes = Math.max(1, Math.ceil(ms / 60_000));
  const format = new Intl.RelativeTimeFormat(language);
  return minutes < 90 ? format.format(minutes, "minute") : format.format(Math.ceil(minutes / 60), "hour");
}
