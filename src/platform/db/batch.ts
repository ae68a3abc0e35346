import type { SQLWrapper } from "drizzle-orm";
import { SQLiteAsyncDialect } from "drizzle-orm/sqlite-core";
import type { Db } from "./client.ts";

const dialect = new SQLiteAsyncDialect();

/**
 * Runs statements as one transaction: all of them or none. Returns the rows of each (empty where a statement returns
 * none). Takes raw `sql` as well as query builders, because Drizzle's own `batch()` on D1 cannot bind the parameters of
 * raw statements (drizzle-orm 0.45, d1/session.js). Rows come as D1 keys them: name each column once.
 */
export async function batch(db: Db, statements: readonly SQLWrapper[]): Promise<unknown[][]> {
  const prepared = statements.map((statement) => {
    const query = dialect.sqlToQuery(statement.getSQL());
    return db.$client.prepare(query.sql).bind(...query.params);
  });
  const results = await db.$client.batch(prepared);
  return results.map((result) => result.results);
}
