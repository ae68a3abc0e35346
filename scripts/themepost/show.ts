const DAY_MS = 24 * 3_600_000;
/** Dates further away than this are told with their year. */
const NEAR_MS = 92 * DAY_MS;

/** An ISO instant as local date and time with the zone, "Tue 24 Nov 9:00 GMT+1"; empty for null. */
export function localTime(instant: string | null | undefined): string {
  if (instant === null || instant === undefined) return "";
  const date = new Date(instant);
  const zone = new Intl.DateTimeFormat("en", { timeZoneName: "short" })
    .formatToParts(date)
    .find(({ type }) => type === "timeZoneName")?.value;
  return `${shortDate(date)} ${date.getHours()}:${String(date.getMinutes()).padStart(2, "0")} ${zone ?? ""}`.trim();
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

/** Narrower than this no column is made, so that it still says something. */
const COLUMN_MIN = 12;

/**
 * Rows as aligned columns under their names; `columns` maps a name to what a row shows there. On a terminal the widest columns are cut, so
 * that each row stays on one line; a file or a pipe gets them whole.
 */
export function table<Row>(
  rows: readonly Row[],
  columns: Readonly<Record<string, (row: Row) => string | number>>,
  width = process.stdout.isTTY ? process.stdout.columns : Number.POSITIVE_INFINITY,
): string {
  const names = Object.keys(columns);
  const cells = rows.map((row) =>
    Object.values(columns).map((column) => String(column(row)).replaceAll(/\s+/g, " ")),
  );
  const widths = names.map((name, index) =>
    Math.max(name.length, ...cells.map((line) => line[index]?.length ?? 0)),
  );
  for (;;) {
    const over = widths.reduce((sum, each) => sum + each + 2, -2) - width;
    const widest = Math.max(...widths);
    if (over <= 0 || widest <= COLUMN_MIN) break;
    widths[widths.indexOf(widest)] = Math.max(COLUMN_MIN, widest - over);
  }
  const cut = (value: string, room: number) =>
    value.length > room ? `${value.slice(0, room - 1)}…` : value.padEnd(room);
  const line = (values: readonly string[]) =>
    values
      .map((value, index) => cut(value, widths[index] ?? 0))
      .join("  ")
      .trimEnd();
  return [line(names), line(widths.map((width) => "─".repeat(width))), ...cells.map(line)].join("\n");
}
