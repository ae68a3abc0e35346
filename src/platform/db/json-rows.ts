import { Column, type GetColumnData, is, type SQL, sql } from "drizzle-orm";

/**
 * Rows for a bulk statement as one bound parameter, because D1 allows 100 of them
 * (developers.cloudflare.com/d1/platform/limits). Use as `from ${jsonRows(rows)} r` and read fields with `fieldsOf`.
 */
export function jsonRows(rows: readonly unknown[] | SQL): SQL {
  return sql`json_each(${Array.isArray(rows) ? JSON.stringify(rows) : rows})`;
}

/** The fields of a row type in the JSON rows aliased `from`, with names checked against it. */
export function fieldsOf<Row extends object>(from: string) {
  return <Name extends keyof Row & string>(name: Name): SQL<Row[Name]> =>
    sql.raw(`${from}.value ->> '${name}'`) as SQL<Row[Name]>;
}

/**
 * Rows for a bulk statement with their fields: `from` is what to select from, `of` reads a field of the current row. Given SQL, it
 * must be JSON text.
 */
export function rowsOf<Row extends object>(rows: readonly Row[] | SQL) {
  return { from: sql`${jsonRows(rows)} r`, of: fieldsOf<Row>("r") };
}

type Fields = Readonly<Record<string, Column | SQL>>;
type RowOf<F extends Fields> = {
  readonly [Name in keyof F]: F[Name] extends Column
    ? GetColumnData<F[Name]>
    : F[Name] extends SQL<infer T>
      ? T
      : never;
};

/** Rows of another table as a list, to be selected along: these fields of each, which JSON keeps as they are (texts, numbers and JSON). */
export function listOf<F extends Fields>(fields: F, from: SQL): SQL<ReadonlyArray<RowOf<F>>> {
  const named = Object.entries(fields).map(([name, value]) => {
    const isJson = is(value, Column) && value.dataType === "json";
    return sql`${sql.raw(`'${name}'`)}, ${isJson ? sql`json(${value})` : value}`;
  });
  return sql`(select json_group_array(json_object(${sql.join(named, sql`, `)})) ${from})`.mapWith(
    (json: string) => JSON.parse(json) as ReadonlyArray<RowOf<F>>,
  );
}

/** Condition that `value` is one of these. */
export function among(value: SQL | { getSQL(): SQL }, list: ReadonlyArray<number | string>): SQL {
  return sql`${value} in (select value from json_each(${JSON.stringify(list)}))`;
}
