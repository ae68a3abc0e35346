import { and, desc, eq, isNull, lt, type SQL, sql } from "drizzle-orm";
import { batch, type Statement, together } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { listOf } from "../../../platform/db/json-rows.ts";
import { importLines, jobs } from "../../../platform/db/schema/index.ts";
import type { Doer } from "../../acts/act.ts";
import { recordAct } from "../../acts/queries/acts.ts";
import { enrolledIn } from "../../sequences/queries/sequences.ts";

/** Long work, as it stands. */
export type Job = typeof jobs.$inferSelect;

/** Makes a job, with the act of whoever began it. Returns its id. */
export async function makeJob(
  db: Db,
  job: Pick<typeof jobs.$inferInsert, "kind" | "state" | "params" | "total"> & {
    readonly now: number;
    readonly by: Doer;
    readonly verb: "tag_readers" | "begin_import" | "count_readers" | "count_audience" | "count_run";
    readonly changed: Readonly<Record<string, unknown>>;
  },
): Promise<number> {
  const { now, by, verb, changed, ...values } = job;
  const object = sql`'job:' || last_insert_rowid()`;
  const { made } = await batch(db, {
    made: db
      .insert(jobs)
      .values({ ...values, createdAt: now })
      .returning({ id: jobs.id }),
    act: recordAct(by, { at: now, verb, object: object as unknown as string, changed }),
  });
  const [row] = made;
  if (row === undefined) throw new Error("a job that was just made has no id");
  return row.id;
}

/** A job; null where there is none. */
export async function readJob(db: Db, id: number): Promise<Job | null> {
  const [row] = await db.select().from(jobs).where(eq(jobs.id, id));
  return row ?? null;
}

/** The latest count of a sequence's readers, null without one; with the number of its enrollments, `most` at most. */
export async function latestCount(db: Db, sequence: string, most: number) {
  const { state, cursor, total, counts, endedAt } = jobs;
  const latest = listOf(
    { state, cursor, total, counts, endedAt },
    sql`from ${jobs} where ${jobs.id} = (select max(${jobs.id}) from ${jobs}
      where ${jobs.kind} = 'count' and json_extract(${jobs.params}, '$.sequence') = ${sequence})`,
  );
  const [row] = await db
    .select({ enrolled: enrolledIn(sequence, most).as("enrolled"), latest: latest.as("latest") })
    .from(sql`(select 1)`);
  return { enrolled: row?.enrolled ?? 0, job: row?.latest[0] ?? null };
}

/** The latest count of an audience, by what it's found again by; null without one. */
export function latestAudienceCount(db: Db, audience: string): Promise<Job | null> {
  return latestCountOf(db, sql`json_extract(${jobs.params}, '$.audience') = ${audience}`);
}

/** The latest count of a run's deliveries; null without one. */
export function latestRunCount(db: Db, runId: number): Promise<Job | null> {
  return latestCountOf(db, sql`json_extract(${jobs.params}, '$.run') = ${runId}`);
}

async function latestCountOf(db: Db, condition: SQL): Promise<Job | null> {
  const [row] = await db
    .select()
    .from(jobs)
    .where(and(eq(jobs.kind, "count"), condition))
    .orderBy(desc(jobs.id))
    .limit(1);
  return row ?? null;
}

/** The latest jobs of a kind. */
export function listJobs(db: Db, kind: Job["kind"], limit: number): Promise<Job[]> {
  return db.select().from(jobs).where(eq(jobs.kind, kind)).orderBy(desc(jobs.id)).limit(limit);
}

/** Condition: the step of this name was taken. What a step does happens only where it holds. */
export function isTaken(jobId: number, step: string): SQL {
  return sql`exists (select 1 from ${jobs} where ${jobs.id} = ${jobId} and ${jobs.revision} = ${step})`;
}

/** What a step makes of a job. */
export type Step = Partial<
  Pick<Job, "state" | "cursor" | "total" | "counts" | "endedAt" | "waitsUntil" | "params">
>;

/**
 * Takes a step of a job as it was read, with what it does, in one transaction: once, however often it's tried, and not where someone stopped the
 * job meanwhile. `step` is a random name. Returns whether it was taken.
 */
export async function takeStep(
  db: Db,
  job: Pick<Job, "id" | "revision" | "state">,
  step: string,
  become: Step,
  does: Readonly<Record<string, Statement>> = {},
): Promise<boolean> {
  const taken = db
    .update(jobs)
    .set({ ...become, revision: step })
    .where(and(eq(jobs.id, job.id), eq(jobs.revision, job.revision), eq(jobs.state, job.state)))
    .returning({ id: jobs.id });
  const results = await batch(db, together({ taken }, does));
  return results.taken.length > 0;
}

/** Statement: keeps as an act what was done to a job in the step of this name. */
export function actOnJob(
  by: Doer,
  act: {
    readonly verb: "run_import" | "stop_job" | "undo_tagging";
    readonly jobId: number;
    readonly step: string;
    readonly now: number;
    readonly changed?: Readonly<Record<string, unknown>>;
  },
) {
  const { verb, jobId, step, now, changed = {} } = act;
  return recordAct(by, { at: now, verb, object: `job:${jobId}`, changed }, isTaken(jobId, step));
}

/** Condition: jobs that have something to do at `now`, as the small index `jobs_open` holds them. */
export function openJobs(now: number): SQL {
  return sql`${jobs.state} in ('checking', 'running') and coalesce(${jobs.waitsUntil}, 0) <= ${now}`;
}

/** The ids of those, at most `limit`. */
export async function listOpenJobs(db: Db, now: number, limit: number): Promise<number[]> {
  const rows = await db.select({ id: jobs.id }).from(jobs).where(openJobs(now)).limit(limit);
  return rows.map(({ id }) => id);
}

/** Condition: lines are left of a file from before `before`. */
export function hasStaleImports(before: number): SQL {
  return sql`exists (select 1 from ${jobs} where ${jobs.kind} = 'import' and ${jobs.createdAt} < ${before}
    and exists (select 1 from ${importLines} where ${importLines.jobId} = ${jobs.id}))`;
}

/** Statements: forget the lines of files from before `before`, and end those of them that hadn't. */
export function endStaleImports(db: Db, before: number, now: number) {
  const open = and(eq(jobs.kind, "import"), isNull(jobs.endedAt), lt(jobs.createdAt, before));
  return {
    linesForgotten: db
      .delete(importLines)
      .where(
        sql`${importLines.jobId} in (select ${jobs.id} from ${jobs} where ${jobs.createdAt} < ${before})`,
      ),
    importsEnded: db.update(jobs).set({ state: "stopped", endedAt: now }).where(open),
  };
}
