import { type Column, fillPlaceholders, type GetColumnData, type SQL, sql } from "drizzle-orm";
import type { RunnableQuery } from "drizzle-orm/runnable-query";
import type { PreparedQueryConfig, SQLitePreparedQuery } from "drizzle-orm/sqlite-core";
import type { Db } from "./client.ts";

type Builder = RunnableQuery<unknown, "sqlite">;
type Query = SQLitePreparedQuery<PreparedQueryConfig & { type: "async" }>;

/** A statement that was built before, with the values of this time. */
export class Prepared<Result> {
  readonly query: Query;
  readonly values: Readonly<Record<string, unknown>>;

  constructor(query: Query, values: Readonly<Record<string, unknown>>) {
    this.query = query;
    this.values = values;
  }

  /** Runs it by itself. */
  async run(): Promise<Result> {
    return (await this.query.execute(this.values)) as Result;
  }

  /** Its text and its values in their order, for a batch. */
  bound(): { readonly sql: string; readonly params: unknown[] } {
    const { sql: text, params } = this.query.getQuery();
    return { sql: text, params: fillPlaceholders(params, this.values as Record<string, unknown>) };
  }
}

/** How a value is typed and encoded: like a column, or as JSON text for `rowsOf`. */
type Encoding = Column | "json";
type ValueOf<E extends Encoding> = E extends Column ? GetColumnData<E> : string;

/**
 * A statement whose text is built once for a database, for those that every batch sends: building one costs about as much as
 * what D1 does for it. `make` builds it over placeholders, one for each of `values`, each of which names a column only for its type and encoding. Gives what
 * binds it. A null isn't encoded as one where the column is JSON or a boolean, so those may not be null here.
 */
export function prepared<const Values extends Readonly<Record<string, Encoding>>, Q extends Builder>(
  values: Values,
  make: (db: Db, of: { readonly [Name in keyof Values]: SQL }) => Q,
) {
  const queries = new WeakMap<Db, Query>();
  const of = Object.fromEntries(
    Object.entries(values).map(([name, encoding]) => {
      const placeholder = sql.placeholder(name);
      return [name, encoding === "json" ? sql`${placeholder}` : sql`${sql.param(placeholder, encoding)}`];
    }),
  ) as { readonly [Name in keyof Values]: SQL };
  return (db: Db, given: { readonly [Name in keyof Values]: ValueOf<Values[Name]> }) => {
    const query = queries.get(db) ?? (make(db, of) as unknown as { prepare: () => Query }).prepare();
    queries.set(db, query);
    return new Prepared<Q extends RunnableQuery<infer R, "sqlite"> ? R : never>(query, given);
  };
}
