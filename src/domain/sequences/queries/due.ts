import { isNotNull, sql } from "drizzle-orm";
import type { Db } from "../../../platform/db/client.ts";
import { enrollments } from "../../../platform/db/schema/index.ts";

/** The earliest slot that no tick has planned; null where none waits. */
export async function oldestDueAt(db: Db): Promise<number | null> {
  const [row] = await db
    .select({ at: sql<number | null>`min(${enrollments.nextDueAt})` })
    .from(enrollments)
    .where(isNotNull(enrollments.nextDueAt));
  return row?.at ?? null;
}

/** The earliest instant at which an enrollment is due, or goes on after a pause; null when nobody waits for anything. */
export async function nextDueInstant(db: Db): Promise<number | null> {
  const [row] = await db
    .select({ at: sql<number | null>`min(${enrollments.resumeAt})` })
    .from(enrollments)
    .where(isNotNull(enrollments.resumeAt));
  const instants = [await oldestDueAt(db), row?.at ?? null].filter((at) => at !== null);
  return instants.length === 0 ? null : Math.min(...instants);
}
