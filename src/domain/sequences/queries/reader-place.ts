import { and, eq, sql } from "drizzle-orm";
import type { Db } from "../../../platform/db/client.ts";
import { listOf } from "../../../platform/db/json-rows.ts";
import { deliveries, enrollments, sequences, steps } from "../../../platform/db/schema/index.ts";
import { lastArrivalOf, themesOf } from "./themes.ts";

/** Where a reader stands in a sequence: when its letters come to them, and which they had in this round (by slug). Null where they were never in it. */
export async function readReaderPlace(db: Db, subscriberId: number, sequence: string) {
  const had = listOf(
    { slug: steps.slug },
    sql`from ${deliveries} join ${steps} on ${steps.id} = ${deliveries.item}
      where ${themesOf(sql`${enrollments.id}`)} and ${deliveries.round} = ${enrollments.round}`,
  );
  const [row] = await db
    .select({
      state: enrollments.state,
      weekday: enrollments.weekday,
      hour: enrollments.hour,
      timeZone: enrollments.timeZone,
      everyWeeks: enrollments.everyWeeks,
      nextDueAt: enrollments.nextDueAt,
      resumeAt: enrollments.resumeAt,
      lastAt: lastArrivalOf(sql`${enrollments.id}`).as("last_at"),
      had: had.as("had"),
    })
    .from(enrollments)
    .innerJoin(sequences, eq(sequences.id, enrollments.sequenceId))
    .where(and(eq(enrollments.subscriberId, subscriberId), eq(sequences.slug, sequence)));
  return row === undefined ? null : { ...row, had: row.had.map(({ slug }) => slug) };
}
