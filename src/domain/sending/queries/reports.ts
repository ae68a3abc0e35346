import { sql } from "drizzle-orm";
import { batch } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";

/** A run as a list shows it. */
export type RunLine = {
  readonly runId: number;
  readonly tickAt: number;
  readonly planned: number;
  readonly bounced: number;
  readonly complained: number;
  readonly stoppedAt: number | null;
  readonly stopReason: string | null;
  readonly openBatches: number;
};

const runColumns = sql`r.id as runId, r.at as tickAt, r.planned as planned, r.bounced as bounced,
  r.complained as complained, r.stopped_at as stoppedAt, r.stop_reason as stopReason,
  (select count(*) from batches b where b.run_id = r.id and b.state <> 'done') as openBatches`;

/** Runs before `before` (an id), newest first; at most 50. */
export function listRuns(db: Db, before: number): Promise<RunLine[]> {
  return db.all(sql`select ${runColumns} from runs r where r.id < ${before} order by r.id desc limit 50`);
}

/** How many letters of a run stand how and why; `inBatch` is 0 for slots that passed without a letter. */
export type RunCount = {
  readonly inBatch: 0 | 1;
  readonly step: string | null;
  readonly state: string;
  readonly reason: string | null;
  readonly feedback: string | null;
  readonly letters: number;
};

/** A run with its accounting, and what its open batches wait for; null where there is no such run. */
export async function readRun(db: Db, runId: number) {
  const columns = sql`t.slug as step, d.state as state, d.reason as reason, d.feedback as feedback, count(*) as letters`;
  const results = await batch(db, [
    sql`select ${runColumns} from runs r where r.id = ${runId}`,
    sql`
      select 1 as inBatch, ${columns} from batches b join deliveries d on d.batch_id = b.id
        left join steps t on t.id = d.intended_item
      where b.run_id = ${runId} group by 2, 3, 4, 5
      union all
      select 0 as inBatch, ${columns} from deliveries d left join steps t on t.id = d.intended_item
      where d.run_id = ${runId} and d.batch_id is null group by 2, 3, 4, 5`,
    sql`
      select b.last_outcome as why, count(*) as batches, min(b.retry_at) as retryAt from batches b
      where b.run_id = ${runId} and b.state <> 'done' group by 1`,
  ]);
  const [run] = results[0] as RunLine[];
  if (run === undefined) return null;
  return {
    ...run,
    counts: results[1] as RunCount[],
    waiting: results[2] as Array<{ why: string | null; batches: number; retryAt: number | null }>,
  };
}
