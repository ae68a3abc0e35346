import { batch } from "../../platform/db/batch.ts";
import type { Db } from "../../platform/db/client.ts";
import { readMarks, sawJournal } from "../../platform/db/read-marks.ts";
import type { GuardPort, JournalEntry } from "../../platform/guard/guard-port.ts";
import { faceOf } from "../../platform/guard/marks.ts";
import { markJournaled, readStoppable, readUnjournaled, stopStatements } from "./queries/opting-out.ts";

const JOURNAL_PAGE = 500;

type OptOutDeps = { readonly db: Db; readonly guard: GuardPort; readonly wallNow: () => number };

/**
 * Stops one enrollment of a subscriber that goes on, or all of them (`enrollmentId` null), and unsubscribes whoever has
 * none left. A completed one stays completed, and is not resumed by any publication. Says whether it changed anything; idempotent. Letters that are already planned
 * are covered: the state is read again before each provider call. The Guard hears of it first, so that a database restored in
 * the next moment still learns of it; where it does not answer, the next tick tells it.
 */
export async function optOut(
  deps: OptOutDeps,
  stop: {
    readonly subscriberId: number;
    readonly enrollmentId: number | null;
    readonly reason: string;
    readonly now: number;
  },
): Promise<boolean> {
  const lastEntry = await tellGuardFirst(deps, stop);
  const saw = lastEntry === null ? [] : [sawJournal(lastEntry)];
  const results = await batch(deps.db, [...stopStatements(stop), ...saw]);
  const changed = (results[1]?.length ?? 0) + (results[4]?.length ?? 0) > 0;
  if (changed) {
    await journalOptOuts(deps).catch(() => 0);
    await showGrowth(deps);
  }
  return changed;
}

/** The Guard sees that the database has grown, so that one from before this moment is known as restored. */
export async function showGrowth({ db, guard }: Pick<OptOutDeps, "db" | "guard">): Promise<void> {
  await guard.check(faceOf(await readMarks(db))).catch(() => undefined);
}

async function tellGuardFirst(
  { db, guard, wallNow }: OptOutDeps,
  stop: Parameters<typeof stopStatements>[0],
): Promise<number | null> {
  const rows = await readStoppable(db, stop);
  const entries = rows.flatMap(({ addressHash, sequenceId, last }): JournalEntry[] => {
    const base = { addressHash, reason: stop.reason, at: stop.now };
    const stopped = { ...base, kind: "stopped" as const, sequenceId };
    return last === 1 ? [stopped, { ...base, kind: "unsubscribed", sequenceId: null }] : [stopped];
  });
  return entries.length === 0 ? null : guard.journal(entries, wallNow()).catch(() => null);
}

/** Hands the Guard every opt-out that it does not have. Returns how many; safe to repeat and to run at once. */
export async function journalOptOuts({ db, guard, wallNow }: OptOutDeps): Promise<number> {
  const entries = await readUnjournaled(db, JOURNAL_PAGE);
  if (entries.length === 0) return 0;
  const lastEntry = await guard.journal(
    entries.map(({ id: _, ...entry }) => entry),
    wallNow(),
  );
  await markJournaled(
    db,
    entries.map((entry) => entry.id),
    { wallNow: wallNow(), lastEntry },
  );
  return entries.length;
}
