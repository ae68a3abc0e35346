import type { Db } from "../../platform/db/client.ts";
import { readRunCount } from "../jobs/count-run.ts";
import { BATCH_SIZE } from "../ledger/batch-size.ts";
import type { Kinds } from "../ledger/kind.ts";
import { readProgress, type Tally } from "../ledger/queries/run-counts.ts";
import { countUnderWay, nextWaitingAt } from "../ledger/queries/run-letters.ts";
import { readRun } from "../ledger/queries/runs.ts";

/** Up to so many people they're counted while a page is made; more by a job. */
export const COUNTED_AT_ONCE = 10_000;

/** What became of the people of a broadcast: each is in one of these, so that they add up to `people`. */
export type BroadcastNumbers = {
  /** Those who have a delivery, which is who was locked. */
  readonly people: number;
  readonly accepted: number;
  /** By reason. */
  readonly skipped: Readonly<Record<string, number>>;
  readonly failed: number;
  readonly held: number;
  readonly uncertain: number;
  /** Still to leave; of them `underWay` are in a call at this moment. */
  readonly waiting: number;
  readonly underWay: number;
  /** When the next of those leaves who wait for their hour; null where none does. */
  readonly nextAt: number | null;
};

/** How far a broadcast is. */
export type BroadcastProgress = {
  /** About how many people it's for, and of how many that's settled; exact once it's counted. */
  readonly people: number;
  readonly settled: number;
  /** Null where they're many, and nobody has counted them. */
  readonly numbers: BroadcastNumbers | null;
  /** When a job counted them; null for just now, or not at all. */
  readonly countedAt: number | null;
  /** How far a count is; null where none is under way. */
  readonly counting: { readonly done: number; readonly total: number } | null;
};

/**
 * How far a broadcast is, by its run: counted now where it's for few people, else as a job counted it last. What was counted before it ended (`endedAt`)
 * isn't told any more then.
 */
export async function readNumbers(
  db: Db,
  kinds: Kinds,
  runId: number,
  endedAt: number | null,
): Promise<BroadcastProgress> {
  const { planned, batches, done } = await readProgress(db, runId);
  const [[calls], nextAt] = await Promise.all([countUnderWay(db, runId), nextWaitingAt(db, runId)]);
  const now = { underWay: calls?.letters ?? 0, nextAt };
  if (planned <= COUNTED_AT_ONCE && batches * BATCH_SIZE <= 2 * COUNTED_AT_ONCE) {
    const run = await readRun(db, kinds, runId);
    const numbers = { ...numbersOf([...(run?.letters ?? []), ...(run?.passed ?? [])]), ...now };
    const { people, waiting } = numbers;
    return { people, settled: people - waiting, numbers, countedAt: null, counting: null };
  }
  const about = { people: planned, settled: Math.min(planned, done * BATCH_SIZE) };
  const latest = await readRunCount(db, runId);
  const counted = latest !== null && latest.begunAt >= (endedAt ?? 0) ? latest : null;
  if (counted?.state === "running") {
    const seen = counted.tallies.reduce((sum, { letters }) => sum + letters, 0);
    return {
      ...about,
      ...{ numbers: null, countedAt: null, counting: { done: seen, total: counted.total } },
    };
  }
  if (counted?.state !== "done") return { ...about, numbers: null, countedAt: null, counting: null };
  const numbers = { ...numbersOf(counted.tallies), ...now };
  return { ...about, numbers, countedAt: counted.endedAt, counting: null };
}

function numbersOf(
  tallies: ReadonlyArray<{
    readonly state: string;
    readonly reason: Tally["reason"];
    readonly letters: number;
  }>,
): Omit<BroadcastNumbers, "underWay" | "nextAt"> {
  const of = (wanted: string) =>
    tallies.filter(({ state }) => state === wanted).reduce((sum, { letters }) => sum + letters, 0);
  const skipped: Record<string, number> = {};
  for (const { state, reason, letters } of tallies) {
    if (state !== "skipped") continue;
    const why = reason ?? "";
    skipped[why] = (skipped[why] ?? 0) + letters;
  }
  return {
    people: tallies.reduce((sum, { letters }) => sum + letters, 0),
    ...{ accepted: of("accepted"), skipped, failed: of("failed"), held: of("held") },
    ...{ uncertain: of("uncertain"), waiting: of("planned") },
  };
}
