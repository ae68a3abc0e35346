import type { SQLWrapper } from "drizzle-orm";
import type { RunnableQuery } from "drizzle-orm/runnable-query";
import {
  type PreparedQueryConfig,
  SQLiteAsyncDialect,
  type SQLitePreparedQuery,
} from "drizzle-orm/sqlite-core";
import type { Db } from "./client.ts";
import { Prepared } from "./prepared.ts";
import { Write } from "./write.ts";

const dialect = new SQLiteAsyncDialect();

/** A statement of a named batch: one of Drizzle's builders, one that was prepared, or a `Write`. */
export type Statement = RunnableQuery<unknown, "sqlite"> | Prepared<unknown> | Write<unknown>;

/** What a statement gives: the rows of a builder, as it types them, or what a `Write` returns. */
export type ResultOf<S> =
  S extends Write<infer R>
    ? R
    : S extends Prepared<infer R>
      ? R
      : S extends RunnableQuery<infer R, "sqlite">
        ? R
        : never;

/**
 * Runs named statements as one transaction, in the order of their names: all of them or none. Each name gets the result of
 * its own statement, typed by it. Throws, before anything is sent, where a statement selects two columns of one name: D1
 * keys the rows of a batch by name, and one of the two would be lost.
 */
export async function batch<const S extends Readonly<Record<string, Statement>>>(
  db: Db,
  statements: S,
): Promise<{ readonly [Name in keyof S]: ResultOf<S[Name]> }> {
  const named = Object.entries(statements).map(
    ([name, statement]) => [name, prepare(db, name, statement)] as const,
  );
  const results = await db.$client.batch(named.map(([, { query }]) => query));
  const read = named.map(([name, { read: by }], place) => {
    const result = results[place];
    if (result === undefined) throw new Error(`D1 gave no result for ${name}`);
    return [name, by(result)];
  });
  return Object.fromEntries(read);
}

type Group = Readonly<Record<string, Statement>>;
type Joined<Groups> = Groups extends readonly [infer First, ...infer Rest] ? First & Joined<Rest> : unknown;

/**
 * Groups of named statements as one group, in their order. Throws where two statements share a name: spreading the groups would
 * drop one of them without a word.
 */
export function together<const Groups extends readonly Group[]>(...groups: Groups): Joined<Groups> {
  const named = groups.flatMap((group) => Object.entries(group));
  const joined = Object.fromEntries(named);
  const twin = named.find(([name, statement]) => joined[name] !== statement);
  if (twin !== undefined) throw new Error(`two statements of a batch are named ${twin[0]}`);
  return joined as Joined<Groups>;
}

/** A select of Drizzle's builder. */
type Select = RunnableQuery<unknown, "sqlite">;

/**
 * Reads named selects in one statement: each as a list, so that a page asks the database once. Each name gets the rows of its own select, typed
 * by it. Columns may be texts, numbers and JSON. Throws where a column has no name, or two of a select have one.
 */
export async function readAsOne<const S extends Readonly<Record<string, Select>>>(
  db: Db,
  selects: S,
): Promise<{ readonly [Name in keyof S]: ResultOf<S[Name]> }> {
  const parts = Object.entries(selects).map(([name, select]) => {
    const query = (select as unknown as Preparable)._prepare();
    const { sql: text, params } = query.getQuery();
    refuseTwins(name, text);
    const columns = columnNames(text);
    if (columns.length !== columnList(text.slice("select ".length)).length)
      throw new Error(`${name} selects a column without a name`);
    const fields = columns.map((column) => `'${column}', "${column}"`).join(", ");
    return {
      name,
      query,
      params,
      text: `(select json_group_array(json_object(${fields})) from (${text})) as "${name}"`,
    };
  });
  const statement = db.$client
    .prepare(`select ${parts.map(({ text }) => text).join(", ")}`)
    .bind(...parts.flatMap(({ params }) => params));
  const [row] = (await statement.all<Readonly<Record<string, string>>>()).results;
  const read = parts.map(({ name, query }) => {
    const rows = JSON.parse(row?.[name] ?? "[]") as Readonly<Record<string, unknown>>[];
    return [name, query.mapResult({ results: rows.map(withJsonAsText) }, true)];
  });
  return Object.fromEntries(read);
}

/** What is JSON in a row came along as such; a column reads its text. */
function withJsonAsText(row: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === "object" && value !== null ? JSON.stringify(value) : value,
    ]),
  );
}

/** Runs one write by itself. */
export async function run<Result>(db: Db, write: Write<Result>): Promise<Result> {
  return write.read(await bound(db, write.sql).all());
}

type Bound = { readonly query: D1PreparedStatement; readonly read: (result: D1Result) => unknown };

/** What every builder of Drizzle has; its types hide it. */
type Preparable = { readonly _prepare: () => SQLitePreparedQuery<PreparedQueryConfig & { type: "async" }> };

function prepare(db: Db, name: string, statement: Statement): Bound {
  if (statement instanceof Write) {
    return { query: bound(db, statement.sql), read: (result) => statement.read(result) };
  }
  const wasPrepared = statement instanceof Prepared;
  const query = wasPrepared ? statement.query : (statement as unknown as Preparable)._prepare();
  const { sql, params } = wasPrepared ? statement.bound() : query.getQuery();
  refuseTwins(name, sql);
  return {
    query: db.$client.prepare(sql).bind(...params),
    read: (result) => query.mapResult(result, true),
  };
}

/** Texts that were looked through before: a statement's text is always the same. */
const withoutTwins = new Set<string>();

/** The names of a builder's columns stand between `select` and its own `from`, or behind `returning`. */
function refuseTwins(name: string, text: string): void {
  if (withoutTwins.has(text)) return;
  const names = columnNames(text);
  const twin = names.find((column, place) => names.indexOf(column) !== place);
  if (twin !== undefined)
    throw new Error(`${name} selects two columns named ${twin}: give one another name with as()`);
  withoutTwins.add(text);
}

function columnNames(text: string): string[] {
  const returning = text.lastIndexOf(" returning ");
  const list = text.startsWith("select ")
    ? columnList(text.slice("select ".length))
    : returning < 0
      ? []
      : columnList(text.slice(returning + " returning ".length));
  return list.flatMap((column) => /"([^"]+)"$/.exec(column.trim())?.[1] ?? []);
}

/** The parts of a column list, cut at the commas outside brackets, up to its `from`. */
function columnList(text: string): string[] {
  const parts: string[] = [""];
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? "";
    if (char === "(") depth += 1;
    if (char === ")") depth -= 1;
    if (depth === 0 && text.startsWith(" from ", at)) break;
    if (depth === 0 && char === ",") parts.push("");
    else parts[parts.length - 1] += char;
  }
  return parts;
}

function bound(db: Db, statement: SQLWrapper): D1PreparedStatement {
  const query = dialect.sqlToQuery(statement.getSQL());
  return db.$client.prepare(query.sql).bind(...query.params);
}
