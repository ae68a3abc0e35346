import { type SQL, sql } from "drizzle-orm";

/**
 * Rows for a bulk statement as one bound parameter, because D1 allows 100 of them
 * (developers.cloudflare.com/d1/platform/limits). Use as `from ${jsonRows(rows)} r` and read a field with `field()`.
 */
export function jsonRows(rows: readonly unknown[] | SQL): SQL {
  return sql`json_each(${Array.isArray(rows) ? JSON.stringify(rows) : rows})`;
}

/** Field `name` of the current row of `jsonRows(...) r`; SQL null where the field is null or missing. */
export function field(name: string): SQL {
  return sql.raw(`r.value ->> '${name}'`);
}

/** The fields of a row type in the JSON rows aliased `from`, with names checked against it. */
export function fieldsOf<Row extends object>(from: string) {
  return <Name extends keyof Row & string>(name: Name): SQL<Row[Name]> =>
    sql.raw(`${from}.value ->> '${name}'`) as SQL<Row[Name]>;
}

/**
 * Rows for a bulk statement with their fields: `from` is what to select from, `of` reads a field of the current row. As SQL, the rows
 * are JSON.
 */
export function rowsOf<Row extends object>(rows: readonly Row[] | SQL) {
  return { from: sql`${jsonRows(rows)} r`, of: fieldsOf<Row>("r") };
}

/** Condition that `value` is one of these. */
export function among(value: SQL | { getSQL(): SQL }, list: ReadonlyArray<number | string>): SQL {
  return sql`${value} in (select value from json_each(${JSON.stringify(list)}))`;
}
