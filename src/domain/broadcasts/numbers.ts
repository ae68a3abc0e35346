import type { Db } from "../../platform/db/client.ts";
import type { Kinds } from "../ledger/kind.ts";
import { countUnderWay, nextWaitingAt } from "../ledger/queries/run-letters.ts";
import { readRun } from "../ledger/queries/runs.ts";

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

/** Counts what became of a broadcast's people, by its run. */
export async function readNumbers(db: Db, kinds: Kinds, runId: number): Promise<BroadcastNumbers> {
  const [run, [calls], nextAt] = await Promise.all([
    readRun(db, kinds, runId),
    countUnderWay(db, runId),
    nextWaitingAt(db, runId),
  ]);
  const counts = [...(run?.letters ?? []), ...(run?.passed ?? [])];
  const of = (wanted: string) =>
    counts.filter(({ state }) => state === wanted).reduce((sum, { letters }) => sum + letters, 0);
  const skipped: Record<string, number> = {};
  for (const { state, reason, letters } of counts) {
    if (state !== "skipped") continue;
    const why = reason ?? "";
    skipped[why] = (skipped[why] ?? 0) + letters;
  }
  return {
    people: counts.reduce((sum, { letters }) => sum + letters, 0),
    ...{ accepted: of("accepted"), skipped, failed: of("failed"), held: of("held") },
    ...{ uncertain: of("uncertain"), waiting: of("planned"), underWay: calls?.letters ?? 0 },
    nextAt,
  };
}
