import { DAY_MS } from "../../../platform/calendar/durations.ts";
import { together } from "../../../platform/db/batch.ts";
import type { ImportedLine } from "../../../platform/db/schema/index.ts";
import { addressHash } from "../../people/address-hash.ts";
import { journalOptOuts } from "../../people/journal.ts";
import { type Out, optOutStatements } from "../../sequences/queries/stop-many.ts";
import type { Services } from "../../services.ts";
import { actOnJob, isTaken, type Job, takeStep } from "../queries/jobs.ts";
import { forgetLines, noteFaults, readKnown, readLines } from "../queries/lines.ts";
import { askPeople } from "./ask-people.ts";
import { type JudgedLine, judgeLine, type Known } from "./judge-line.ts";
import { readLine } from "./read-line.ts";
import type { ImportParams } from "./take-file.ts";

/** So many of those that a step asks for are asked at once: each is a sign-up of its own. */
const ASKED_A_STEP = 25;

/** What an import is about. */
export function importOf({ params }: Pick<Job, "params">): ImportParams {
  return params as ImportParams;
}

/** How many people an import would write to or stop. */
export function reachOf({ counts }: Pick<Job, "counts">): number {
  return (counts.ask ?? 0) + (counts.suppress ?? 0);
}

/** One step of an import: of its dry run, which changes nothing, or of the import itself; false where there's nothing left to do now. */
export async function stepImport(deps: Services, job: Job): Promise<boolean> {
  return job.state === "checking" ? checkPart(deps, job) : runPart(deps, job);
}

/** What lines of a file come to, and what's wrong with the others. The dry run and the import both go by it. */
async function judgeLines(
  deps: Pick<Services, "db" | "config" | "now">,
  params: ImportParams,
  lines: readonly ImportedLine[],
): Promise<{
  readonly judged: readonly JudgedLine[];
  readonly faults: ReadonlyArray<readonly [number, string]>;
}> {
  const faults: (readonly [number, string])[] = [];
  const usable: Omit<JudgedLine, "judged">[] = [];
  for (const { line, cells } of lines) {
    const reading = readLine(cells, params);
    // A repeat has its line below nought.
    if (line < 0) faults.push([-line, "repeat"]);
    else if (reading.kind === "unusable") faults.push([line, reading.why]);
    else usable.push({ line, reading, hash: await addressHash(deps.config, reading.address.key) });
  }
  const people = usable.map(({ reading, hash }) => ({ key: reading.address.key, hash }));
  const known = new Map((await readKnown(deps.db, people, deps.now)).map((row) => [row.hash, row]));
  const nobody: Known = { state: null, suppression: null };
  const judged = usable.map((each) => ({
    ...each,
    judged: judgeLine(each.reading, params.intent, known.get(each.hash) ?? nobody),
  }));
  return { judged, faults };
}

async function checkPart(deps: Services, job: Job): Promise<boolean> {
  const { db } = deps;
  const params = importOf(job);
  const { judged, faults } = await judgeLines(deps, params, await readLines(db, job.id, job.cursor));
  const counts = { ...job.counts };
  const add = (name: string) => {
    counts[name] = (counts[name] ?? 0) + 1;
  };
  for (const { judged: what } of judged) add(what.kind === "unsubscribe" ? "suppress" : what.kind);
  for (const [, why] of faults) add(`unusable_${why}`);
  const step = deps.random();
  const isLast = job.cursor + 1 >= (job.total ?? 0);
  const become = isLast ? ({ state: "ready", cursor: 0 } as const) : { cursor: job.cursor + 1 };
  await takeStep(
    db,
    job,
    step,
    { ...become, counts },
    { noted: noteFaults(db, job.id, job.cursor, faults, isTaken(job.id, step)) },
  );
  return !isLast;
}

/** Sets an import going that its dry run was looked at, with the act. Its counts begin anew. */
export async function runImport(deps: Services, job: Job, renditionId: number): Promise<boolean> {
  const { db, now, by } = deps;
  if (job.state !== "ready") return false;
  const step = deps.random();
  const act = actOnJob(by, { verb: "run_import", jobId: job.id, step, now, changed: { ...job.counts } });
  const params = { ...importOf(job), renditionId, forecast: job.counts };
  const begun = await takeStep(db, job, step, { state: "running", cursor: 0, counts: {}, params }, { act });
  if (begun) await deps.enqueue("letters", [{ job: job.id }]);
  return begun;
}

/** Reads the file again with other columns. */
export async function checkAgain(
  deps: Services,
  job: Job,
  columns: ImportParams["columns"],
): Promise<boolean> {
  if (job.state !== "ready") return false;
  const params = { ...importOf(job), columns };
  const begun = await takeStep(deps.db, job, deps.random(), {
    state: "checking",
    cursor: 0,
    counts: {},
    params,
  });
  if (begun) await deps.enqueue("letters", [{ job: job.id }]);
  return begun;
}

async function runPart(deps: Services, job: Job): Promise<boolean> {
  const { db, now } = deps;
  const params = importOf(job);
  const lines = await readLines(db, job.id, job.cursor);
  const { judged, faults } = await judgeLines(deps, params, lines);
  const counts = { ...job.counts };
  const add = (name: string, n = 1) => {
    counts[name] = (counts[name] ?? 0) + n;
  };
  // Those who are asked come first: once all of a part have been, the part is done in one transaction.
  const asked = await askPeople(
    deps,
    { jobId: job.id, params, today: counts.today ?? 0, most: ASKED_A_STEP, tried: counts.tried ?? 0 },
    judged.filter((each) => each.judged.kind === "ask" || wasAsked(each)),
  );
  const step = deps.random();
  if (asked.left > 0) {
    const full = (counts.today ?? 0) + asked.made >= params.perDay;
    if (asked.refused > 0) add("refused", asked.refused);
    counts.tried = asked.tried;
    counts.today = full ? 0 : (counts.today ?? 0) + asked.made;
    await takeStep(db, job, step, { counts, waitsUntil: full ? now + DAY_MS : null });
    return !full;
  }
  if (asked.lines.size > 0) add("ask", asked.lines.size);
  counts.today = (counts.today ?? 0) + asked.made;
  if (asked.refused > 0) add("refused", asked.refused);
  counts.tried = 0;
  for (const { judged: what, line } of judged)
    if (what.kind !== "ask" && !asked.lines.has(line))
      add(what.kind === "unsubscribe" ? "suppress" : what.kind);
  for (const [, why] of faults) add(`unusable_${why}`);
  const stops = judged.flatMap(({ judged: what, hash: addressHash }): Out[] => {
    if (what.kind === "suppress") return [{ addressHash, kind: "suppressed", reason: what.reason }];
    return what.kind === "unsubscribe" ? [{ addressHash, kind: "unsubscribed", reason: "import" }] : [];
  });
  const isLast = job.cursor + 1 >= (job.total ?? 0);
  const mine = isTaken(job.id, step);
  const taken = await takeStep(
    db,
    job,
    step,
    { cursor: job.cursor + 1, counts, ...(isLast ? { state: "done", endedAt: now } : {}) },
    together(
      optOutStatements(db, stops, { now, note: `import ${job.id}`, condition: mine }),
      isLast ? { forgotten: forgetLines(db, job.id, mine) } : {},
    ),
  );
  if (taken && stops.length > 0) await journalOptOuts(deps).catch(() => 0);
  return !isLast;
}

/** Whoever was asked a moment ago looks like someone who's known. */
function wasAsked({ judged, reading }: JudgedLine): boolean {
  return judged.kind === "same" && reading.kind === "wants";
}
