import * as z from "zod";
import { DAY_MS } from "../../platform/calendar/durations.ts";
import { idsWhere, lastPersonId } from "../people/queries/find-people.ts";
import { among, giveTag, makeTag, readTagId, takeTagsOfJob } from "../people/queries/tags.ts";
import { partEnd } from "../segments/queries/compile.ts";
import { type Segment, storedSegment } from "../segments/segment.ts";
import { whoIsIn } from "../segments/who-is-in.ts";
import type { Services } from "../services.ts";
import { readSite } from "../site/site.ts";
import { actOnJob, isTaken, type Job, makeJob, takeStep } from "./queries/jobs.ts";

/** So many people are looked at in a step: a sign-up never waits long behind one. */
const STEP_IDS = 5000;
/** A day's undo. */
const UNDO_MS = DAY_MS;

const params = z.object({
  tag: z.string(),
  segment: storedSegment,
  undoing: z.boolean().default(false),
});

/** What a job of tagging is about. */
export function taggingOf(job: Pick<Job, "params">) {
  return params.parse(job.params);
}

/** Begins to tag everyone whom a segment is true of. Returns the job. */
export async function beginTagging(deps: Services, segment: Segment, tag: string): Promise<number> {
  const { db, now, by } = deps;
  const id = await makeJob(db, {
    kind: "tag",
    state: "running",
    params: { tag, segment },
    total: await lastPersonId(db),
    now,
    by,
    verb: "tag_readers",
    changed: { tag, segment },
  });
  await deps.enqueue("letters", [{ job: id }]);
  return id;
}

/** Whether the tags that a job gave can be taken back. */
export function canUndoTagging(job: Job, now: number): boolean {
  const ended = job.state === "done" || job.state === "stopped";
  return job.kind === "tag" && ended && (job.endedAt ?? 0) > now - UNDO_MS;
}

/** Begins to take back the tags that a job gave, in steps again. False where it's too late, or was done. */
export async function undoTagging(deps: Services, job: Job): Promise<boolean> {
  const { db, now, by } = deps;
  if (!canUndoTagging(job, now)) return false;
  const step = deps.random();
  const begun = await takeStep(
    db,
    job,
    step,
    { state: "running", cursor: 0, endedAt: null, counts: {}, params: { ...taggingOf(job), undoing: true } },
    { act: actOnJob(by, { verb: "undo_tagging", jobId: job.id, step, now }) },
  );
  if (begun) await deps.enqueue("letters", [{ job: job.id }]);
  return begun;
}

/** One step of tagging, or of taking it back; false where there's nothing left to do. */
export async function stepTagging(deps: Services, job: Job): Promise<boolean> {
  const { db, now } = deps;
  const { tag, segment, undoing } = taggingOf(job);
  const step = deps.random();
  const range = { after: job.cursor, upTo: job.total ?? 0 };
  const upTo = undoing ? job.cursor + STEP_IDS : await partEnd(db, segment, range, STEP_IDS);
  const isLast = upTo >= range.upTo;
  const end = isLast ? ({ state: undoing ? "undone" : "done", endedAt: now } as const) : {};
  const mine = isTaken(job.id, step);
  if (undoing) {
    const tagId = await readTagId(db, tag);
    await takeStep(
      db,
      job,
      step,
      { cursor: upTo, ...end },
      tagId === null
        ? {}
        : { untagged: takeTagsOfJob(db, { jobId: job.id, tagId }, { after: job.cursor, upTo }, mine) },
    );
    return !isLast;
  }
  const { timeZone } = await readSite(db, deps.config.publicUrl);
  const asked = { now, timeZone, kinds: deps.kinds };
  const ids = await idsWhere(db, await whoIsIn(db, segment, asked, { after: job.cursor, upTo }));
  const people = (job.counts.people ?? 0) + ids.length;
  await takeStep(
    db,
    job,
    step,
    { cursor: upTo, counts: { people }, ...end },
    {
      tag: makeTag(tag, now, mine),
      given: giveTag({ name: tag, jobId: job.id, now }, among(ids, mine)),
    },
  );
  return !isLast;
}
