const DAY_MS = 24 * 3_600_000;
/** Dates further away than this are told with their year. */
const NEAR_MS = 92 * DAY_MS;

/** An ISO instant as local date and time, "Tue 24 Nov 09:00"; empty for null. */
export function localTime(instant: string | null | undefined): string {
  if (instant === null || instant === undefined) return "";
  const date = new Date(instant);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${shortDate(date)} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** A day of the calendar, such as "2026-11-24", as "Tue 24 Nov". */
export function dayOf(day: string): string {
  return shortDate(new Date(`${day}T00:00:00`));
}

function shortDate(date: Date): string {
  const far = Math.abs(date.getTime() - Date.now()) > NEAR_MS;
  const weekday = date.toLocaleDateString("en", { weekday: "short" });
  const month = date.toLocaleDateString("en", { month: "short" });
  return `${weekday} ${date.getDate()} ${month}${far ? ` ${date.getFullYear()}` : ""}`;
}

/** "no letters", "1 letter", "2 letters". */
export function quantity(count: number, one: string, more = `${one}s`): string {
  return count === 1 ? `1 ${one}` : `${count === 0 ? "no" : count} ${more}`;
}

/** Rows as aligned columns under their names; `columns` maps a name to what a row shows there. */
export function table<Row>(
  rows: readonly Row[],
  columns: Readonly<Record<string, (row: Row) => string | number>>,
): string {
  const names = Object.keys(columns);
  const cells = rows.map((row) => Object.values(columns).map((column) => String(column(row))));
  const widths = names.map((name, index) =>
    Math.max(name.length, ...cells.map((line) => line[index]?.length ?? 0)),
  );
  const line = (values: readonly string[]) =>
    values
      .map((value, index) => value.padEnd(widths[index] ?? 0))
      .join("  ")
      .trimEnd();
  return [line(names), line(widths.map((width) => "─".repeat(width))), ...cells.map(line)].join("\n");
}
