import { getTableColumns, type SQL } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";

/**
 * What becomes of a column of a table with people in it. `exported`: it's in what a person is given. `erased`: what an erasure
 * leaves of it; `kept`: why it stays; `row`: the whole row goes.
 */
type Holding = { readonly exported: boolean } & (
  | { readonly erased: SQL | string | number | boolean | null }
  | { readonly kept: string }
  | { readonly row: "goes" }
);

const holdings = <const Exported extends boolean>(isExported: Exported) => ({
  /** An erasure writes this instead. */
  erased: <const Left extends SQL | string | number | boolean | null>(left: Left) => ({
    exported: isExported,
    erased: left,
  }),
  /** It stays after an erasure, for this reason. */
  kept: (why: string) => ({ exported: isExported, kept: why }),
  /** It goes with its row. */
  goes: { exported: isExported, row: "goes" as const },
});

/** What a person is given, and an erasure erases, keeps or takes with its row. */
export const exported = holdings(true);
/** The same of what a person isn't given: random names, numbers and keys of our own, or what another column already tells. */
export const internal = holdings(false);
/** A number or name of our own that says nothing of the person. */
export const NOT_PERSONAL = internal.kept("not personal");

type ColumnsOf<T extends SQLiteTable> = T["_"]["columns"];
type HoldingsOf<T extends SQLiteTable> = { readonly [Name in keyof ColumnsOf<T>]: Holding };

/** What we hold about a person in one table, every column of it. */
export type PersonalTable<T extends SQLiteTable = SQLiteTable, H = Readonly<Record<string, Holding>>> = {
  readonly table: T;
  readonly holdings: H;
};

/** Declares what becomes of every column of a table. */
export function personal<T extends SQLiteTable, const H extends HoldingsOf<T>>(
  table: T,
  holdings: H,
): PersonalTable<T, H> {
  return { table, holdings };
}

/** The columns that a person is given, for a builder's select. */
export function exportedColumns<T extends SQLiteTable, H>({ table, holdings }: PersonalTable<T, H>) {
  const named = Object.entries(getTableColumns(table) as Record<string, SQLiteColumn>);
  const of = holdings as Readonly<Record<string, Holding>>;
  return Object.fromEntries(named.filter(([name]) => of[name]?.exported === true)) as {
    readonly [Name in keyof H as H[Name] extends { readonly exported: true }
      ? Name
      : never]: Name extends keyof ColumnsOf<T> ? ColumnsOf<T>[Name] : never;
  };
}

/** What an erasure writes into the columns that it empties, for a builder's update. */
export function erasedValues<T extends SQLiteTable, H>({ holdings }: PersonalTable<T, H>) {
  const named = Object.entries(holdings as Readonly<Record<string, Holding>>);
  return Object.fromEntries(
    named.flatMap(([name, holding]) => ("erased" in holding ? [[name, holding.erased]] : [])),
  ) as {
    readonly [Name in keyof H as H[Name] extends { readonly erased: unknown }
      ? Name
      : never]: H[Name] extends { readonly erased: infer Left } ? Left : never;
  };
}
