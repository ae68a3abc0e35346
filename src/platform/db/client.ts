import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";

/** Drizzle over the primary D1 database. There are no transactions on D1 but batches (db/batch.ts). */
export type Db = DrizzleD1Database & { readonly $client: D1Database };

/** Cheap: one per request or tick. */
export function openDb(binding: D1Database): Db {
  return drizzle(binding);
}
