import { sql } from "drizzle-orm";
import type { Db } from "./client.ts";

/** How large the database is now, in bytes, as D1 says with each answer (`meta.size_after`). */
export async function databaseBytes(db: Db): Promise<number> {
  const { meta } = await db.select({ one: sql<number>`1` }).from(sql`(select 1)`).run();
  return meta.size_after;
}
