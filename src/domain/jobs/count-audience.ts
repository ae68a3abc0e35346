import { HOUR_MS } from "../../platform/calendar/durations.ts";
import { lastPersonId } from "../people/queries/find-people.ts";
import { added, countPart, type Forecast, forecast, type Meant, meantSchema } from "../segments/forecast.ts";
import type { Asked } from "../segments/queries/compile.ts";
import type { AudienceCount, NOBODY } from "../segments/queries/count.ts";
import type { Services } from "../services.ts";
import { readSite } from "../site/site.ts";
import { type Job, latestAudienceCount, makeJob, takeStep } from "./queries/jobs.ts";

/** So long a count is taken for how it is now. */
const KEPT_MS = HOUR_MS;

/** Who would get a letter in between now, as far as that's known: where `atLeast`, only the newest readers were counted. */
export type Audience = Forecast & {
  /** How far a count of all of them is; null where none is under way. */
  readonly counting: { readonly done: number; readonly total: number } | null;
  /** Whether a job counted them, at `at`; else they were counted just now. */
  readonly byJob: boolean;
};

/** By it a count is found again: the same people, in the same language, counted alike. */
const keyOf = ({ segment, language, byZone }: Meant) => JSON.stringify({ segment, language, byZone });

/** Who is meant: counted now where they're few, else as a job has counted them within the hour. */
export async function readAudience(
  { db }: Pick<Services, "db">,
  meant: Meant,
  asked: Asked,
): Promise<Audience> {
  const now = await forecast(db, meant, asked);
  if (!now.atLeast) return { ...now, counting: null, byJob: false };
  const job = await latestAudienceCount(db, keyOf(meant));
  const isFresh = job?.state === "done" && (job.endedAt ?? 0) > asked.now - KEPT_MS;
  if (isFresh)
    return { ...now, ...countsOf(job), atLeast: false, at: job.endedAt ?? 0, counting: null, byJob: true };
  const counting = job?.state === "running" ? { done: job.cursor, total: job.total ?? 0 } : null;
  return { ...now, counting, byJob: false };
}

/** Begins to count all of them, unless that's under way. */
export async function beginAudienceCount(deps: Services, meant: Meant): Promise<void> {
  const { db, now, by } = deps;
  const audience = keyOf(meant);
  if ((await latestAudienceCount(db, audience))?.state === "running") return;
  const id = await makeJob(db, {
    ...{ kind: "count", state: "running", params: { audience }, total: await lastPersonId(db) },
    ...{ now, by, verb: "count_audience", changed: { segment: meant.segment } },
  });
  await deps.enqueue("letters", [{ job: id }]);
}

/** One step of counting an audience; false where there's nothing left to do. */
export async function stepAudienceCount(deps: Services, job: Job, audience: string): Promise<boolean> {
  const { db, now, kinds } = deps;
  const meant = meantSchema.parse(JSON.parse(audience));
  const { timeZone } = await readSite(db, deps.config.publicUrl);
  const range = { after: job.cursor, upTo: job.total ?? 0 };
  const { count, end } = await countPart(db, meant, { now, timeZone, kinds }, range);
  const isLast = end >= range.upTo;
  await takeStep(db, job, deps.random(), {
    ...{ cursor: end, counts: flat(added(countsOf(job), count)) },
    ...(isLast ? { state: "done", endedAt: now } : {}),
  });
  return !isLast;
}

const ZONE = "zone:";

/** A count as a job keeps it. */
function flat({ zones, ...count }: AudienceCount): Job["counts"] {
  const byZone = Object.entries(zones).map(([zone, people]) => [`${ZONE}${zone}`, people]);
  return { ...count, ...Object.fromEntries(byZone) };
}

function countsOf({ counts }: Pick<Job, "counts">): AudienceCount {
  const zones = Object.entries(counts).flatMap(([name, people]) =>
    name.startsWith(ZONE) ? [[name.slice(ZONE.length), people] as const] : [],
  );
  const of = (name: keyof typeof NOBODY) => counts[name] ?? 0;
  return {
    ...{ matching: of("matching"), people: of("people"), notAgreed: of("notAgreed") },
    ...{ suppressed: of("suppressed"), otherLanguage: of("otherLanguage") },
    zones: Object.fromEntries(zones),
  };
}
