import { and, asc, isNotNull, lt, sql } from "drizzle-orm";
import { HOUR_MS } from "../../../platform/calendar/durations.ts";
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

const hourMs = sql.raw(String(HOUR_MS));

/** Slots of one hour: whole hours since the epoch, how many, and the first of them. */
export type DueHour = { readonly hour: number; readonly slots: number; readonly firstAt: number };

/** The slots that no tick has planned, up to before `until`, by hour in their order; the first `max` of them. */
export function dueByHour(
  db: Db,
  { until, max }: { readonly until: number; readonly max: number },
): Promise<DueHour[]> {
  const { nextDueAt } = enrollments;
  const first = db
    .select({ at: nextDueAt })
    .from(enrollments)
    .where(and(isNotNull(nextDueAt), lt(nextDueAt, until)))
    .orderBy(asc(nextDueAt))
    .limit(max)
    .as("first");
  // D1 binds numbers as REAL: a division by one would not be of whole numbers.
  const hour = sql<number>`${first.at} / ${hourMs}`;
  return db
    .select({
      hour: hour.as("hour"),
      slots: sql<number>`count(*)`.as("slots"),
      firstAt: sql<number>`min(${first.at})`.as("first_at"),
    })
    .from(first)
    .groupBy(hour)
    .orderBy(hour);
}
