import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";

/** Drizzle over the primary D1 database. There are no transactions on D1 but batches (db/batch.ts). */
export type Db = DrizzleD1Database & { readonly $client: D1Database };

const open = new WeakMap<D1Database, Db>();

/** The same one for the same binding, so that statements are prepared once an isolate. */
export function openDb(binding: D1Database): Db {
  const db = open.get(binding) ?? drizzle(binding);
  open.set(binding, db);
  return db;
}
