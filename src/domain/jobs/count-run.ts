import * as z from "zod";
import { countApart, countBatched, readProgress, type Tally } from "../ledger/queries/run-counts.ts";
import type { Services } from "../services.ts";
import { type Job, latestRunCount, makeJob, takeStep } from "./queries/jobs.ts";

/** So many deliveries are looked at in a step, about. */
const STEP = 20_000;
const STEP_BATCHES = 200;

const params = z.object({ run: z.int(), of: z.enum(["apart", "batched"]) });

/** The latest count of a run's deliveries; null without one. */
export async function readRunCount(db: Services["db"], runId: number) {
  const job = await latestRunCount(db, runId);
  if (job === null) return null;
  const tallies = Object.entries(job.counts).map(([name, letters]): Tally => {
    const [state = "", reason] = name.split(/:(.*)/s);
    return { state: state as Tally["state"], reason: reason ?? null, letters };
  });
  return { state: job.state, begunAt: job.createdAt, endedAt: job.endedAt, tallies, total: job.total ?? 0 };
}

/**
 * Begins to count the deliveries of a run, also where that's under way: what was counted while letters moved on doesn't add up, and the latest count
 * is the one that's told.
 */
export async function beginRunCount(deps: Services, runId: number): Promise<void> {
  const { db, now, by } = deps;
  const { planned } = await readProgress(db, runId);
  const id = await makeJob(db, {
    ...{ kind: "count", state: "running", params: { run: runId, of: "apart" }, total: planned },
    ...{ now, by, verb: "count_run", changed: { run: runId } },
  });
  await deps.enqueue("letters", [{ job: id }]);
}

/** One step of counting a run; false where there's nothing left to do. */
export async function stepRunCount(deps: Services, job: Job): Promise<boolean> {
  const { db, now } = deps;
  const { run, of } = params.parse(job.params);
  const part =
    of === "apart"
      ? await countApart(db, run, job.cursor, STEP)
      : await countBatched(db, run, job.cursor, STEP_BATCHES);
  const counts = { ...job.counts };
  for (const { state, reason, letters } of part.tallies) {
    const name = reason === null ? state : `${state}:${reason}`;
    counts[name] = (counts[name] ?? 0) + letters;
  }
  const isLast = part.next === null && of === "batched";
  const goesOn = { cursor: part.next ?? 0, params: { run, of: part.next === null ? "batched" : of } };
  await takeStep(db, job, deps.random(), {
    counts,
    ...(isLast ? { state: "done", endedAt: now } : goesOn),
  });
  return !isLast;
}
