import { getTableColumns, is } from "drizzle-orm";
import { SQLiteTable } from "drizzle-orm/sqlite-core";
import * as schema from "../../src/platform/db/schema/index.ts";

const SUFFIX = "_x";
/** Columns by the name that the baseline migration gives them; renamed where the suite runs on scripts/renamed-columns.ts. */
const inDatabase = new Map(
  Object.values(schema)
    .filter((table) => is(table, SQLiteTable))
    .flatMap((table) => Object.values(getTableColumns(table)))
    .map(({ name }) => [name.endsWith(SUFFIX) ? name.slice(0, -SUFFIX.length) : name, name]),
);

/**
 * A test's own SQL with columns as they are named in this database. Strings, functions, aliases (behind "as"), tables, and the
 * columns of SQLite's own tables and of JSON stay.
 */
export function inThisDatabase(query: string): string {
  const foreign = query.includes("sqlite_")
    ? ["name", "type"]
    : query.includes("json_each")
      ? ["value", "key"]
      : [];
  return query.replace(
    /'(?:[^']|'')*'|(\b(?:as|from|into|join|update|exists)\s+)?\b([a-z_]+)\b(\s*\()?/g,
    (all: string, before: string | undefined, word: string | undefined, call: string | undefined) => {
      if (word === undefined || before !== undefined || call !== undefined) return all;
      if (foreign.includes(word)) return all;
      return inDatabase.get(word) ?? word;
    },
  );
}

/** The rows of a test's own query, by the names that it uses. */
export async function readRows<Row>(db: D1Database, query: string, ...params: unknown[]): Promise<Row[]> {
  const { results } = await db
    .prepare(inThisDatabase(query))
    .bind(...params)
    .all<Record<string, unknown>>();
  return results.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [
        inDatabase.get(name.slice(0, -SUFFIX.length)) === name ? name.slice(0, -SUFFIX.length) : name,
        value,
      ]),
    ),
  ) as Row[];
}
