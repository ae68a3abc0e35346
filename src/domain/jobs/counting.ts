import * as z from "zod";
import { HOUR_MS } from "../../platform/calendar/durations.ts";
import type { Db } from "../../platform/db/client.ts";
import { lastEnrollmentId, type ReaderGroup, readReaderGroups } from "../sequences/queries/sequences.ts";
import type { Services } from "../services.ts";
import { stepAudienceCount } from "./count-audience.ts";
import { stepRunCount } from "./count-run.ts";
import { type Job, latestCount, makeJob, takeStep } from "./queries/jobs.ts";

/** So many readers are counted while a page is made; more of them by a job. */
const FEW = 1000;
/** So many enrollments are looked at in a step: a sign-up never waits long behind one. */
const STEP_IDS = 5000;
/** So long a count is taken for how it is now. */
const KEPT_MS = HOUR_MS;

const params = z.union([
  z.object({ sequence: z.string() }),
  z.object({ audience: z.string() }),
  z.object({ run: z.int() }),
]);
const standingIn = z.enum(["goes_on", "resumable", "over", "left"]);

/** The readers of a sequence in groups that stand alike, or how far it is to know them. */
export type Counted =
  /** `at` is when they were counted by a job; null for just now. */
  | { readonly kind: "counted"; readonly groups: readonly ReaderGroup[]; readonly at: number | null }
  | { readonly kind: "counting"; readonly cursor: number; readonly total: number }
  /** They're more than a page can count: it takes a job. */
  | { readonly kind: "uncounted" };

/** The readers of a sequence: counted now where they're few, else as a job has counted them within the hour. */
export async function readCounted(db: Db, sequence: string, now: number): Promise<Counted> {
  const { enrolled, job } = await latestCount(db, sequence, FEW + 1);
  if (enrolled <= FEW) return { kind: "counted", groups: await readReaderGroups(db, sequence), at: null };
  if (job?.state === "running") return { kind: "counting", cursor: job.cursor, total: job.total ?? 0 };
  const isFresh = job !== null && job.endedAt !== null && job.endedAt > now - KEPT_MS;
  return isFresh ? { kind: "counted", groups: groupsIn(job), at: job.endedAt } : { kind: "uncounted" };
}

/** Begins to count the readers of a sequence, unless that's under way. */
export async function beginCount(deps: Services, sequence: string): Promise<void> {
  const { db, now, by } = deps;
  if ((await latestCount(db, sequence, 0)).job?.state === "running") return;
  const id = await makeJob(db, {
    kind: "count",
    state: "running",
    params: { sequence },
    total: await lastEnrollmentId(db),
    now,
    by,
    verb: "count_readers",
    changed: { sequence },
  });
  await deps.enqueue("letters", [{ job: id }]);
}

/** One step of counting the readers of a sequence, an audience or a run; false where there's nothing left to do. */
export async function stepCount(deps: Services, job: Job): Promise<boolean> {
  const { db, now } = deps;
  const of = params.parse(job.params);
  if ("run" in of) return stepRunCount(deps, job);
  if ("audience" in of) return stepAudienceCount(deps, job, of.audience);
  const { sequence } = of;
  const upTo = job.cursor + STEP_IDS;
  const isLast = upTo >= (job.total ?? 0);
  const groups = await readReaderGroups(db, sequence, { after: job.cursor, upTo });
  const counts = { ...job.counts };
  for (const group of groups) counts[nameOf(group)] = (counts[nameOf(group)] ?? 0) + group.readers;
  const end = isLast ? ({ state: "done", endedAt: now } as const) : {};
  await takeStep(db, job, deps.random(), { cursor: upTo, counts, ...end });
  return !isLast;
}

const nameOf = ({ standing, had, leftAfter }: ReaderGroup) => `${standing}:${had.join(",")}:${leftAfter}`;

function groupsIn({ counts }: Pick<Job, "counts">): ReaderGroup[] {
  return Object.entries(counts).map(([name, readers]) => {
    const [standing, had = "", leftAfter = ""] = name.split(":");
    return {
      standing: standingIn.parse(standing),
      had: had === "" ? [] : had.split(","),
      leftAfter,
      readers,
    };
  });
}
