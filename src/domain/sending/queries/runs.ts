import { sql } from "drizzle-orm";
import type { Db } from "../../../platform/db/client.ts";
import { BATCH_SIZE } from "../../ledger/batch-size.ts";
import type { RunFigures } from "../run-limits.ts";

/**
 * The figures by which a run stops. Letters are counted by their batches, so that a large run is not read whole for each
 * bounce: the last batch of a run counts as full, but never more than were planned.
 */
export async function readRunFigures(db: Db, runId: number): Promise<RunFigures> {
  const row = await db.get<RunFigures>(sql`
    select r.failed as failed, r.bounced as bounced, r.complained as complained, min(r.planned, ${BATCH_SIZE} * (
      select count(*) from batches b where b.run_id = r.id and b.state = 'done')) as attempted
    from runs r where r.id = ${runId}`);
  return row ?? { attempted: 0, failed: 0, bounced: 0, complained: 0 };
}

/** Counts letters of a run that the provider refused. */
export async function countFailed(db: Db, runId: number, letters: number): Promise<void> {
  await db.run(sql`update runs set failed = failed + ${letters} where id = ${runId}`);
}

/** Stops a run; false where it is stopped already. */
export async function stopRun(
  db: Db,
  stop: { readonly runId: number; readonly reason: string; readonly now: number },
): Promise<boolean> {
  const rows = await db.all(sql`
    update runs set stopped_at = ${stop.now}, stop_reason = ${stop.reason}
    where id = ${stop.runId} and stopped_at is null returning id`);
  return rows.length > 0;
}

/** Lets a stopped run go on, with its counts begun anew, so that it is not stopped again for the same; false where it is not stopped. */
export async function resumeRun(db: Db, runId: number): Promise<boolean> {
  const rows = await db.all(sql`
    update runs set stopped_at = null, stop_reason = null, failed = 0, bounced = 0, complained = 0
    where id = ${runId} and stopped_at is not null returning id`);
  return rows.length > 0;
}

/** Letters planned by ticks since `since`, for the ceiling per day. */
export async function plannedSince(db: Db, since: number): Promise<number> {
  const row = await db.get<{ n: number | null }>(sql`
    select sum(planned) as n from runs where at > ${since}`);
  return row?.n ?? 0;
}
