import { sql } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import type { RunFigures } from "../run-limits.ts";

/**
 * The figures by which a run stops. Letters are counted only as far as they matter: `enough` says how many that is for a
 * number of bad ones, so that a large run is not read whole for each bounce.
 */
export async function readRunFigures(
  db: Db,
  runId: number,
  enough: (bad: number) => number,
): Promise<RunFigures> {
  const bad = await db.get<{ bounced: number; complained: number; failed: number }>(sql`
    select bounced, complained, (select count(*) from batches b join deliveries d on d.batch_id = b.id
      where b.run_id = r.id and b.state = 'done' and d.state = 'failed') as failed
    from runs r where id = ${runId}`);
  const { bounced, complained, failed } = bad ?? { bounced: 0, complained: 0, failed: 0 };
  const row = await db.get<{ n: number }>(sql`
    select count(*) as n from (select 1 from batches b join deliveries d on d.batch_id = b.id
      where b.run_id = ${runId} and d.state in ('accepted', 'failed') limit ${enough(bounced + complained + failed)})`);
  return { attempted: row?.n ?? 0, failed, bounced, complained };
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
    update runs set stopped_at = null, stop_reason = null, bounced = 0, complained = 0
    where id = ${runId} and stopped_at is not null returning id`);
  return rows.length > 0;
}

/** Letters planned by ticks since `since`, for the ceiling per day. */
export async function plannedSince(db: Db, since: number): Promise<number> {
  const row = await db.get<{ n: number | null }>(sql`
    select sum(planned) as n from runs where tick_at > ${since}`);
  return row?.n ?? 0;
}
