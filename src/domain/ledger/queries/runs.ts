import { and, desc, eq, gt, isNotNull, isNull, lt, type SQL, sql } from "drizzle-orm";
import { DAY_MS } from "../../../platform/calendar/durations.ts";
import { batch } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { batches, deliveries, runs } from "../../../platform/db/schema/index.ts";
import type { Doer } from "../../acts/act.ts";
import { recordAct } from "../../acts/queries/acts.ts";
import { BATCH_SIZE } from "../batch-size.ts";
import type { Kinds } from "../kind.ts";
import type { RunFigures } from "../run-figures.ts";

/** What deliveries are planned for: a tick, named by the instant that it stood for, or a broadcast, by its id. `at` is the product's time of it. */
export type Cause = {
  readonly cause: "tick" | "broadcast";
  readonly causeId: number;
  readonly at: number;
};

/** The run of a cause; the same cause again is the same run. */
export async function openRun(db: Db, of: Cause, wallNow: number): Promise<number> {
  const [run] = await db
    .insert(runs)
    .values({ ...of, startedAt: wallNow })
    .onConflictDoUpdate({ target: [runs.cause, runs.causeId], set: { at: of.at } })
    .returning({ id: runs.id });
  if (run === undefined) throw new Error("an upsert returned no run");
  return run.id;
}

/**
 * The figures by which a run stops. Letters are counted by their batches, so that a large run is not read whole for each
 * bounce: the last batch of a run counts as full, but never more than were planned.
 */
export async function readRunFigures(db: Db, runId: number): Promise<RunFigures> {
  const done = db.$count(batches, and(eq(batches.runId, runId), eq(batches.state, "done")));
  const [run] = await db
    .select({
      failed: runs.failed,
      bounced: runs.bounced,
      complained: runs.complained,
      attempted: sql<number>`min(${runs.planned}, ${BATCH_SIZE} * ${done})`,
    })
    .from(runs)
    .where(eq(runs.id, runId));
  return run ?? { attempted: 0, failed: 0, bounced: 0, complained: 0 };
}

/** Counts letters of a run that the provider refused. */
export async function countFailed(db: Db, runId: number, letters: number): Promise<void> {
  await db
    .update(runs)
    .set({ failed: sql`${runs.failed} + ${letters}` })
    .where(eq(runs.id, runId));
}

type RunStop = {
  readonly runId: number;
  readonly reason: string;
  readonly now: number;
  readonly by: Doer;
};

/** Stops a run; false where it is stopped already. */
export async function stopRun(db: Db, stop: RunStop): Promise<boolean> {
  const { runId, reason, now, by } = stop;
  const act = { at: now, verb: "stop_run", object: `run:${runId}`, changed: { reason } } as const;
  const { stopped } = await batch(db, {
    act: recordAct(
      by,
      act,
      sql`exists (select 1 from ${runs} where ${runs.id} = ${runId} and ${runs.stoppedAt} is null)`,
    ),
    stopped: db
      .update(runs)
      .set({ stoppedAt: now, stopReason: reason })
      .where(and(eq(runs.id, runId), isNull(runs.stoppedAt)))
      .returning({ id: runs.id }),
  });
  return stopped.length > 0;
}

/** Statement: stops a run in the transaction of whoever stops what it was planned for, where `condition` holds. */
export function stopRunOf(db: Db, { runId, reason, now }: Omit<RunStop, "by">, condition: SQL) {
  return db
    .update(runs)
    .set({ stoppedAt: now, stopReason: reason })
    .where(and(eq(runs.id, runId), isNull(runs.stoppedAt), condition));
}

/** Statement: stops all of these runs. */
export function stopRunsOf(db: Db, { reason, now }: Pick<RunStop, "reason" | "now">, those: SQL) {
  return db
    .update(runs)
    .set({ stoppedAt: now, stopReason: reason })
    .where(and(isNull(runs.stoppedAt), sql`${runs.id} in ${those}`));
}

/** Statement: the same for a run that goes on, where it was stopped for that reason; its counts begin anew. */
export function resumeRunOf(db: Db, runId: number, reason: string, condition: SQL) {
  return db
    .update(runs)
    .set({ stoppedAt: null, stopReason: null, failed: 0, bounced: 0, complained: 0 })
    .where(and(eq(runs.id, runId), eq(runs.stopReason, reason), condition));
}

/** Lets a stopped run go on, with its counts begun anew, so that it is not stopped again for the same; false where it is not stopped. */
export async function resumeRun(db: Db, runId: number, by: Doer, now: number): Promise<boolean> {
  const reason = sql`(select ${runs.stopReason} from ${runs} where ${runs.id} = ${runId})`;
  const act = {
    at: now,
    verb: "resume_run",
    object: `run:${runId}`,
    changed: sql`json_object('was', ${reason})`,
  } as const;
  const { resumed } = await batch(db, {
    act: recordAct(
      by,
      act,
      sql`exists (select 1 from ${runs} where ${runs.id} = ${runId} and ${runs.stoppedAt} is not null)`,
    ),
    resumed: db
      .update(runs)
      .set({ stoppedAt: null, stopReason: null, failed: 0, bounced: 0, complained: 0 })
      .where(and(eq(runs.id, runId), isNotNull(runs.stoppedAt)))
      .returning({ id: runs.id }),
  });
  return resumed.length > 0;
}

/** How many letters may still be planned in these 24 hours; null for any number. */
export async function lettersLeft(
  db: Db,
  { lettersPerDay }: { readonly lettersPerDay: number | null },
  now: number,
): Promise<number | null> {
  if (lettersPerDay === null) return null;
  const [row] = await db
    .select({ letters: sql<number | null>`sum(${runs.planned})` })
    .from(runs)
    .where(gt(runs.at, now - DAY_MS));
  return Math.max(0, lettersPerDay - (row?.letters ?? 0));
}

const runColumns = {
  id: runs.id,
  tickAt: runs.at,
  planned: runs.planned,
  bounced: runs.bounced,
  complained: runs.complained,
  stoppedAt: runs.stoppedAt,
  stopReason: runs.stopReason,
  openBatches: sql<number>`${sql`(select count(*) from ${batches} where ${batches.runId} = ${runs.id}
    and ${batches.state} <> 'done')`}`.as("open_batches"),
};

/** Runs before `before` (an id), newest first; at most `limit`. */
export function listRuns(db: Db, before: number, limit: number) {
  return db.select(runColumns).from(runs).where(lt(runs.id, before)).orderBy(desc(runs.id)).limit(limit);
}

/** What is counted of the last runs, newest first; at most `limit`. */
export function listRunNumbers(db: Db, limit: number) {
  const { id, at, planned, failed, bounced, complained } = runs;
  return db
    .select({ id, tickAt: at, planned, failed, bounced, complained })
    .from(runs)
    .orderBy(desc(id))
    .limit(limit);
}

/** How many letters of a run stand how and why. */
export type RunCount = {
  readonly step: string | null;
  readonly state: string;
  readonly reason: string | null;
  readonly feedback: string | null;
  readonly letters: number;
};

/**
 * A run with its accounting: `letters` are those that were planned, in its batches or without one, `passed` the slots that passed without one, which
 * keep no item; and what its open batches wait for. Null where there is no such run.
 */
export async function readRun(db: Db, kinds: Kinds, runId: number) {
  const step = sql<
    string | null
  >`${kinds.byKind(sql`${deliveries.kind}`, (kind) => kind.itemName(sql`${deliveries.intendedItem}`), sql`null`)}`;
  const columns = {
    step: step.as("step"),
    state: deliveries.state,
    reason: deliveries.reason,
    feedback: deliveries.feedback,
    letters: sql<number>`count(*)`.as("letters"),
  };
  const groups = [sql`step`, deliveries.state, deliveries.reason, deliveries.feedback];
  const without = and(eq(deliveries.runId, runId), isNull(deliveries.batchId));
  const { found, letters, apart, passed, waiting } = await batch(db, {
    found: db.select(runColumns).from(runs).where(eq(runs.id, runId)),
    letters: db
      .select(columns)
      .from(batches)
      .innerJoin(deliveries, eq(deliveries.batchId, batches.id))
      .where(eq(batches.runId, runId))
      .groupBy(...groups),
    apart: db
      .select(columns)
      .from(deliveries)
      .where(and(without, isNotNull(deliveries.item)))
      .groupBy(...groups),
    passed: db
      .select(columns)
      .from(deliveries)
      .where(and(without, isNull(deliveries.item)))
      .groupBy(...groups),
    waiting: db
      .select({
        why: batches.lastOutcome,
        batches: sql<number>`count(*)`.as("batches"),
        retryAt: sql<number | null>`min(${batches.retryAt})`.as("retry_at"),
      })
      .from(batches)
      .where(and(eq(batches.runId, runId), sql`${batches.state} <> 'done'`))
      .groupBy(batches.lastOutcome),
  });
  const [run] = found;
  return run === undefined ? null : { ...run, letters: [...letters, ...apart], passed, waiting };
}
