import {
  type Column,
  Column as ColumnClass,
  type GetColumnData,
  getTableColumns,
  is,
  SQL,
  type SQLWrapper,
  sql,
  type Table,
} from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";

/** How many rows a write changed. */
export type Changes = { readonly changes: number };

/**
 * A write that the builder has no words for, typed by the schema: `insertFrom` makes one. It gives how many rows it changed,
 * or the columns named by `returning`.
 */
export class Write<Result = Changes> implements SQLWrapper {
  readonly sql: SQL;
  readonly read: (result: D1Result) => Result;

  constructor(statement: SQL, read: (result: D1Result) => Result) {
    this.sql = statement;
    this.read = read;
  }

  getSQL(): SQL {
    return this.sql;
  }

  /** The same, giving these columns, or expressions over the row's columns, of each row that it wrote. */
  returning<const Fields extends Readonly<Record<string, Returned>>>(
    fields: Fields,
  ): Write<ReadonlyArray<{ readonly [Name in keyof Fields]: DataOf<Fields[Name]> }>> {
    const named = Object.entries(fields);
    const list = sql.join(
      named.map(
        ([name, value]) =>
          sql`${is(value, SQL) ? value : sql.identifier(value.name)} as ${sql.identifier(name)}`,
      ),
      sql`, `,
    );
    return new Write(sql`${this.sql} returning ${list}`, (result) =>
      (result.results as Readonly<Record<string, unknown>>[]).map((row) => readRow(row, named) as never),
    );
  }
}

type Returned = Column | SQL<unknown>;
type DataOf<F extends Returned> = F extends Column ? GetColumnData<F> : F extends SQL<infer T> ? T : never;

function readRow(row: Readonly<Record<string, unknown>>, fields: ReadonlyArray<readonly [string, Returned]>) {
  return Object.fromEntries(
    fields.map(([name, field]) => {
      const value = row[name] ?? null;
      return [name, value === null || is(field, SQL) ? value : field.mapFromDriverValue(value)];
    }),
  );
}

/** Values of an insert: as the schema types them, or expressions. */
export type Values<T extends Table> = {
  readonly [Name in keyof T["$inferInsert"]]: T["$inferInsert"][Name] | SQL | Column;
};

/**
 * `insert into table (the named columns) select their values` and the rest of the statement: what it selects from, its
 * condition, and what happens on a conflict. The builder's own `insert … select` wants all columns in the order of the table.
 */
export function insertFrom<T extends SQLiteTable>(table: T, values: Values<T>, rest: SQL): Write {
  const given = Object.entries(values).map(([name, value]) => {
    const column = columnOf(table, name);
    return {
      column,
      value: is(value, SQL) || is(value, ColumnClass) ? value : sql`${sql.param(value, column)}`,
    };
  });
  const names = sql.join(
    given.map(({ column }) => sql.identifier(column.name)),
    sql`, `,
  );
  const selected = sql.join(
    given.map(({ value }) => sql`${value}`),
    sql`, `,
  );
  return new Write(sql`insert into ${table} (${names}) select ${selected} ${rest}`, changesOf);
}

type NameOf<T extends SQLiteTable> = keyof T["_"]["columns"] & string;

/**
 * The end of an insert that may meet a row with the same key. Without `then` nothing happens to that row; with it, the columns in
 * `take` get what the insert wanted to write, those in `set` these values, if `where` holds.
 */
export function onConflict<T extends SQLiteTable>(
  table: T,
  key: readonly NameOf<T>[],
  then: {
    readonly take?: readonly NameOf<T>[];
    readonly set?: { readonly [Name in NameOf<T>]?: SQL | string | number | null };
    readonly where?: SQL;
  } = {},
): SQL {
  const { take = [], set = {}, where } = then;
  const target = sql.join(
    key.map((name) => identifier(table, name)),
    sql`, `,
  );
  const changes = [
    ...take.map((name) => sql`${identifier(table, name)} = ${excluded(table, name)}`),
    ...Object.entries(set).map(
      ([name, value]) =>
        sql`${identifier(table, name)} = ${is(value, SQL) || value === null ? value : sql.param(value, columnOf(table, name))}`,
    ),
  ];
  if (changes.length === 0) return sql`on conflict (${target}) do nothing`;
  const changed = sql`on conflict (${target}) do update set ${sql.join(changes, sql`, `)}`;
  return where === undefined ? changed : sql`${changed} where ${where}`;
}

/** What an insert wanted to write to a column of the row that it met, for `onConflict`. */
export function excluded<T extends SQLiteTable>(table: T, name: NameOf<T>): SQL {
  return sql`excluded.${identifier(table, name)}`;
}

function columnOf(table: SQLiteTable, name: string) {
  const column = getTableColumns(table)[name];
  if (column === undefined) throw new Error(`the table has no ${name}`);
  return column;
}

function identifier(table: SQLiteTable, name: string) {
  return sql.identifier(columnOf(table, name).name);
}

function changesOf(result: D1Result): Changes {
  return { changes: result.meta.changes };
}
