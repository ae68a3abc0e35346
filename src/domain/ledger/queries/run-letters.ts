import { and, eq, isNull, type SQL, sql } from "drizzle-orm";
import type { Db } from "../../../platform/db/client.ts";
import { attempts, batches, deliveries } from "../../../platform/db/schema/index.ts";

/** Condition: deliveries of a run that have no batch: they wait for their slot, or never got one. */
const unbatched = (runId: number): SQL =>
  sql`${deliveries.runId} = ${runId} and ${deliveries.batchId} is null`;

/** Statement: skips some deliveries of a run that wait for their slot. One in a batch is skipped by who would have sent it. */
export function skipWaiting(
  db: Db,
  skip: { readonly runId: number; readonly reason: string; readonly now: number; readonly limit: number },
) {
  const { runId, reason, now, limit } = skip;
  const some = sql`(select ${deliveries.id} from ${deliveries} where ${unbatched(runId)}
    and ${deliveries.state} = 'planned' limit ${limit})`;
  return db
    .update(deliveries)
    .set({ state: "skipped", reason, settledAt: now })
    .where(and(sql`${deliveries.id} in ${some}`, eq(deliveries.state, "planned")));
}

/** Condition: something of a run is still to be sent. */
function isPlanned(runId: number): SQL {
  return sql`(exists (select 1 from ${batches} where ${batches.runId} = ${runId} and ${batches.state} <> 'done')
    or exists (select 1 from ${deliveries} where ${unbatched(runId)} and ${deliveries.state} = 'planned'))`;
}

/** Whether something of a run is still to be sent. */
export async function hasPlanned(db: Db, runId: number): Promise<boolean> {
  const [row] = await db
    .select({ is: sql<0 | 1>`${isPlanned(runId)}`.as("is_planned") })
    .from(sql`(select 1)`);
  return row?.is === 1;
}

/** When the next delivery of a run leaves that waits for its slot; null where none waits. */
export async function nextWaitingAt(db: Db, runId: number): Promise<number | null> {
  const { slotAt, batchId, state } = deliveries;
  // The plus leaves those of the run to be found in the order of their slots, instead of all of them at once.
  const isOfRun = sql`+${deliveries.runId} = ${runId}`;
  const [row] = await db
    .select({ at: slotAt })
    .from(deliveries)
    .where(and(isNull(batchId), sql`${state} = 'planned'`, isOfRun))
    .orderBy(slotAt)
    .limit(1);
  return row?.at ?? null;
}

/** How many deliveries of a run are in a call at this moment: they may have left. */
export function countUnderWay(db: Db, runId: number) {
  return db
    .select({ letters: sql<number>`count(*)`.as("letters") })
    .from(batches)
    .innerJoin(deliveries, and(eq(deliveries.batchId, batches.id), eq(deliveries.state, "planned")))
    .where(
      and(
        eq(batches.runId, runId),
        eq(batches.state, "sending"),
        sql`exists (select 1 from ${attempts} where ${attempts.batchId} = ${batches.id}
          and (${attempts.outcome} is null or ${attempts.outcome} like 'unanswered:%'))`,
      ),
    );
}

/**
 * Statement: plans some deliveries of a run again that certainly didn't leave: those that were skipped for this reason. They wait without a batch,
 * with another rendition, where `condition` holds. Their keys stay, so nobody gets two. Returns how many.
 */
export function planSkippedAgain(
  db: Db,
  again: {
    readonly runId: number;
    readonly reason: string;
    readonly renditionId: number;
    readonly now: number;
    readonly limit: number;
  },
  condition: SQL,
) {
  const { runId, reason, renditionId, now, limit } = again;
  const skipped = sql`${deliveries.state} = 'skipped' and ${deliveries.reason} = ${reason}`;
  const some = sql`(select ${deliveries.id} from ${batches} join ${deliveries} on ${deliveries.batchId} = ${batches.id}
      where ${batches.runId} = ${runId} and ${skipped}
    union all select ${deliveries.id} from ${deliveries} where ${unbatched(runId)} and ${skipped} limit ${limit})`;
  return db
    .update(deliveries)
    .set({
      state: "planned",
      reason: null,
      settledAt: null,
      batchId: null,
      place: 0,
      runId,
      renditionId,
      slotAt: sql`max(${deliveries.slotAt}, ${now})`,
    })
    .where(and(sql`${deliveries.id} in ${some}`, skipped, condition));
}

/**
 * Statement: makes those of a run that failed without anything of them having left, and of which no mailbox has said a word, skipped for this reason, where
 * `condition` holds: so that they can be planned again.
 */
export function giveFailedBack(db: Db, runId: number, reason: string, condition: SQL) {
  return db
    .update(deliveries)
    .set({ state: "skipped", reason })
    .where(
      and(
        sql`${deliveries.batchId} in (select ${batches.id} from ${batches} where ${batches.runId} = ${runId})`,
        eq(deliveries.state, "failed"),
        sql`${deliveries.feedback} is null and ${deliveries.providerId} is null`,
        condition,
      ),
    );
}
