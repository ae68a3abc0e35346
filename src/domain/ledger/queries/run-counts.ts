import { and, eq, gt, isNotNull, isNull, sql } from "drizzle-orm";
import { readAsOne } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { batches, deliveries, runs } from "../../../platform/db/schema/index.ts";

/** How many deliveries of a run were planned, and how many batches it has and of those are done: told without reading its deliveries. */
export async function readProgress(db: Db, runId: number) {
  const many = (is: ReturnType<typeof sql>) =>
    sql<number>`${sql`(select count(*) from ${batches}
    where ${batches.runId} = ${runId} and ${is})`}`;
  const [row] = await db
    .select({
      planned: runs.planned,
      batches: many(sql`1`).as("batches"),
      done: many(sql`${batches.state} = 'done'`).as("done"),
    })
    .from(runs)
    .where(eq(runs.id, runId));
  return row ?? { planned: 0, batches: 0, done: 0 };
}

/** So many deliveries of a run stand like this. */
export type Tally = {
  readonly state: (typeof deliveries.$inferSelect)["state"];
  readonly reason: string | null;
  readonly letters: number;
};

/** A part of a run as it stands, and behind which id the next begins; null at the end. */
export type CountedPart = { readonly tallies: readonly Tally[]; readonly next: number | null };

/** Counts up to `limit` deliveries of a run that have no batch, behind `after` (an id). */
export async function countApart(db: Db, runId: number, after: number, limit: number): Promise<CountedPart> {
  const part = db
    .select({ id: deliveries.id, state: deliveries.state, reason: deliveries.reason })
    .from(deliveries)
    .where(and(eq(deliveries.runId, runId), isNull(deliveries.batchId), gt(deliveries.id, after)))
    .orderBy(deliveries.id)
    .limit(limit)
    .as("part");
  const rows = await db
    .select({
      state: part.state,
      reason: part.reason,
      letters: sql<number>`count(*)`.as("letters"),
      last: sql<number>`max(${part.id})`.as("last_id"),
    })
    .from(part)
    .groupBy(part.state, part.reason);
  const all = rows.reduce((sum, { letters }) => sum + letters, 0);
  return { tallies: rows, next: all < limit ? null : Math.max(...rows.map(({ last }) => last)) };
}

/** Counts the deliveries of up to `limit` batches of a run, behind `after` (an id). */
export async function countBatched(
  db: Db,
  runId: number,
  after: number,
  limit: number,
): Promise<CountedPart> {
  const part = () =>
    db
      .select({ id: batches.id })
      .from(batches)
      .where(and(isNotNull(batches.runId), eq(batches.runId, runId), gt(batches.id, after)))
      .orderBy(batches.id)
      .limit(limit)
      .as("part");
  const [joined, counted] = [part(), part()];
  const { tallies, end } = await readAsOne(db, {
    tallies: db
      .select({
        state: deliveries.state,
        reason: deliveries.reason,
        letters: sql<number>`count(*)`.as("letters"),
      })
      .from(joined)
      .innerJoin(deliveries, eq(deliveries.batchId, joined.id))
      .groupBy(deliveries.state, deliveries.reason),
    end: db
      .select({
        batches: sql<number>`count(*)`.as("batches"),
        last: sql<number | null>`max(${counted.id})`.as("last_id"),
      })
      .from(counted),
  });
  const [found] = end;
  return { tallies, next: found === undefined || found.batches < limit ? null : found.last };
}
