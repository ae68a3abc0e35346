import { sql } from "drizzle-orm";
import type { Db } from "../../../platform/db/client.ts";
import { among } from "../../../platform/db/json-rows.ts";
import { unreadEvents } from "../../../platform/db/schema/index.ts";

/** Keeps an event that couldn't be read, once. */
export async function keepUnread(db: Db, event: typeof unreadEvents.$inferInsert): Promise<void> {
  await db.insert(unreadEvents).values(event).onConflictDoNothing();
}

/** Events that couldn't be read; a random choice, so that some that stay unreadable don't hide the others. */
export function listUnread(db: Db, limit: number) {
  return db.select().from(unreadEvents).orderBy(sql`random()`).limit(limit);
}

/** Forgets these. */
export async function forgetUnread(db: Db, svixIds: readonly string[]): Promise<void> {
  if (svixIds.length > 0) await db.delete(unreadEvents).where(among(unreadEvents.svixId, svixIds));
}
