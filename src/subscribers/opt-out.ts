import { batch } from "../db/batch.ts";
import type { Db } from "../db/client.ts";
import type { GuardPort } from "../guard/guard-port.ts";
import { markJournaled, readUnjournaled, stopStatements } from "./queries.ts";

const JOURNAL_PAGE = 500;

type OptOutDeps = { readonly db: Db; readonly guard: GuardPort; readonly wallNow: () => number };

/**
 * Stops one enrollment of a subscriber that goes on, or all of them (`enrollmentId` null), and unsubscribes whoever has
 * none left. A completed one stays completed. Says whether it changed anything; idempotent. Letters that are already planned
 * are covered: the state is read again before each provider call. The Guard is told afterwards; where that fails, the next
 * tick tells it.
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
  const results = await batch(deps.db, stopStatements(stop));
  const changed = (results[1]?.length ?? 0) + (results[3]?.length ?? 0) > 0;
  if (changed) await journalOptOuts(deps).catch(() => 0);
  return changed;
}

/** Hands the Guard every opt-out that it does not have. Returns how many; safe to repeat and to run at once. */
export async function journalOptOuts({ db, guard, wallNow }: OptOutDeps): Promise<number> {
  const entries = await readUnjournaled(db, JOURNAL_PAGE);
  if (entries.length === 0) return 0;
  const named = entries.filter((entry) => entry.addressHash !== "");
  await guard.journal(
    named.map(({ id: _, ...entry }) => entry),
    wallNow(),
  );
  await markJournaled(
    db,
    entries.map((entry) => entry.id),
    wallNow(),
  );
  return entries.length;
}
