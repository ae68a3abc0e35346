import { batch, together } from "../../platform/db/batch.ts";
import { type JournalSpan, sawJournal } from "../../platform/db/read-marks.ts";
import type { JournalEntry } from "../../platform/guard/guard-port.ts";
import type { Doer } from "../acts/act.ts";
import { type JournalDeps, journalOptOuts, showGrowth } from "../people/journal.ts";
import { actOfLeaving, readStoppable, type Stop, stopStatements } from "./queries/stop.ts";

/**
 * Stops one enrollment of a subscriber that goes on, their broadcasts, or all of it, and unsubscribes whoever has
 * nothing left; the broadcasts stop with the last enrollment. A completed one stays completed, and is not resumed by any publication. Says whether it changed anything; idempotent. Letters that are already planned
 * are covered: the state is read again before each provider call. The Guard hears of it first, so that a database restored in
 * the next moment still learns of it; where it does not answer, the next tick tells it. Someone at the desk who does it `forThem` has it as an act.
 */
export async function optOut(deps: JournalDeps, stop: Stop, forThem: Doer | null = null): Promise<boolean> {
  const journaled = await tellGuardFirst(deps, stop);
  const { left, cut, unsubscribed } = await batch(
    deps.db,
    together(
      forThem === null ? {} : actOfLeaving(forThem, stop),
      stopStatements(deps.db, stop),
      journaled === null ? {} : { saw: sawJournal(journaled) },
    ),
  );
  const changed = left.length + cut.length + unsubscribed.length > 0;
  if (changed) {
    await journalOptOuts(deps).catch(() => 0);
    await showGrowth(deps);
  }
  return changed;
}

async function tellGuardFirst({ db, guard, wallNow }: JournalDeps, stop: Stop): Promise<JournalSpan | null> {
  const { stopped, cut, unsubscribes } = await readStoppable(db, stop);
  const base = { reason: stop.reason, at: stop.now };
  const [person] = [...stopped, ...cut];
  const entries: JournalEntry[] = [
    ...stopped.map(({ addressHash, sequenceId }) => ({
      ...base,
      kind: "stopped" as const,
      addressHash,
      sequenceId,
    })),
    ...cut.map(({ addressHash }) => ({
      ...base,
      kind: "broadcasts" as const,
      addressHash,
      sequenceId: null,
    })),
    ...(unsubscribes && person !== undefined
      ? [{ ...base, kind: "unsubscribed" as const, addressHash: person.addressHash, sequenceId: null }]
      : []),
  ];
  return entries.length === 0 ? null : guard.journal(entries, wallNow()).catch(() => null);
}
