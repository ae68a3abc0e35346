import { type SQL, sql } from "drizzle-orm";

/**
 * Rows for a bulk statement as one bound parameter, because D1 allows 100 of them
 * (developers.cloudflare.com/d1/platform/limits). Use as `from ${jsonRows(rows)} r` and read a field with `field()`.
 */
export function jsonRows(rows: readonly unknown[]): SQL {
  return sql`json_each(${JSON.stringify(rows)})`;
}

/** Field `name` of the current row of `jsonRows(...) r`; SQL null where the field is null or missing. */
export function field(name: string): SQL {
  return sql.raw(`r.value ->> '${name}'`);
}
