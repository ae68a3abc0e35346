import { sql } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import type { Lane } from "../deps.ts";

/**
 * Open batches whose lease and backoff are over and that were last put on a queue before `enqueuedBefore`; they are
 * marked as enqueued now, so that the next sweep leaves them alone for a while. At most `limit`, oldest first.
 */
export function takeStrandedBatches(
  db: Db,
  times: { readonly wallNow: number; readonly enqueuedBefore: number },
  limit: number,
): Promise<{ readonly id: number; readonly lane: Lane }[]> {
  return db.all(sql`
    update batches set enqueued_at = ${times.wallNow} where id in (
      select id from batches where state <> 'done' and enqueued_at <= ${times.enqueuedBefore}
        and (lease_until is null or lease_until <= ${times.wallNow})
        and (retry_at is null or retry_at <= ${times.wallNow})
      order by enqueued_at limit ${limit})
    returning id, lane`);
}

/** Ids of all batches that are not done, oldest first. */
export async function listOpenBatches(db: Db): Promise<number[]> {
  const rows = await db.all<{ id: number }>(sql`select id from batches where state <> 'done' order by id`);
  return rows.map((row) => row.id);
}

/** The earliest instant at which an enrollment is due; null when nobody waits for anything. */
export async function nextDueInstant(db: Db): Promise<number | null> {
  const row = await db.get<{ at: number | null }>(
    sql`select min(next_due_at) as at from enrollments where next_due_at is not null`,
  );
  return row?.at ?? null;
}

/** Figures for /healthz: the earliest slot that no tick has planned, that of the first open batch, and how many are open. */
export async function readLateness(db: Db) {
  const row = await db.get<{ dueAt: number | null; plannedAt: number | null; open: number }>(sql`
    select (select min(next_due_at) from enrollments where next_due_at is not null) as dueAt,
      (select min(slot_at) from deliveries where state = 'planned' and batch_id =
        (select min(id) from batches indexed by batches_open where state <> 'done')) as plannedAt,
      (select count(*) from batches indexed by batches_open where state <> 'done') as open`);
  return {
    oldestDueAt: row?.dueAt ?? null,
    oldestPlannedAt: row?.plannedAt ?? null,
    openBatches: row?.open ?? 0,
  };
}
