import type { Db } from "../../platform/db/client.ts";
import { readMarks } from "../../platform/db/read-marks.ts";
import type { GuardPort } from "../../platform/guard/guard-port.ts";
import { databaseState } from "../../platform/guard/marks.ts";
import { markJournaled, readUnjournaled } from "./queries/opt-outs.ts";

const JOURNAL_PAGE = 500;

export type JournalDeps = { readonly db: Db; readonly guard: GuardPort; readonly wallNow: () => number };

/** The Guard sees that the database has grown, so that a batch that's on its way reads it again and needn't wait for what it lacks. */
export async function showGrowth({ db, guard }: Pick<JournalDeps, "db" | "guard">): Promise<void> {
  await guard.check(databaseState(await readMarks(db))).catch(() => undefined);
}

/** Hands the Guard every opt-out that it does not have. Returns how many; safe to repeat and to run at once. */
export async function journalOptOuts({ db, guard, wallNow }: JournalDeps): Promise<number> {
  const entries = await readUnjournaled(db, JOURNAL_PAGE);
  if (entries.length === 0) return 0;
  const journaled = await guard.journal(
    entries.map(({ id: _, ...entry }) => entry),
    wallNow(),
  );
  await markJournaled(db, entries, { wallNow: wallNow(), journaled });
  return entries.length;
}
