import type { Services } from "../services.ts";
import { stepCount } from "./counting.ts";
import { stepImport } from "./import/step-import.ts";
import { actOnJob, type Job, readJob, takeStep } from "./queries/jobs.ts";
import { stepTagging } from "./tagging.ts";

/** So many steps one message of the queue does; another goes on. */
const STEPS_A_MESSAGE = 20;

/** What a step of each kind of job does; false where there's nothing left to do. */
const STEPS = {
  tag: stepTagging,
  import: stepImport,
  count: stepCount,
} as const satisfies Readonly<Record<Job["kind"], (deps: Services, job: Job) => Promise<boolean>>>;

/** Goes on with a job, some steps of it, and asks the queue to go on with the rest. Safe to repeat and to run at once: a step is taken once. */
export async function runJob(deps: Services, id: number): Promise<void> {
  for (let steps = 0; steps < STEPS_A_MESSAGE; steps += 1) {
    const job = await readJob(deps.db, id);
    if (job === null || (job.state !== "running" && job.state !== "checking")) return;
    if (job.waitsUntil !== null && job.waitsUntil > deps.now) return;
    if (!(await STEPS[job.kind](deps, job))) return;
  }
  await deps.enqueue("letters", [{ job: id }]);
}

/** Stops a job where it is, with the act: what's done stays. False where it had ended. */
export async function stopJob(deps: Services, id: number): Promise<boolean> {
  const { db, now, by } = deps;
  for (;;) {
    const job = await readJob(db, id);
    if (job === null || job.state === "done" || job.state === "stopped" || job.state === "undone")
      return false;
    const step = deps.random();
    const act = actOnJob(by, { verb: "stop_job", jobId: id, step, now });
    if (await takeStep(db, job, step, { state: "stopped", endedAt: now }, { act })) return true;
  }
}
