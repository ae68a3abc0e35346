import { sql } from "drizzle-orm";
import type { Db } from "../../../platform/db/client.ts";
import { readersColumns, readersOf } from "../../counts/queries/readers.ts";
import { openColumns, openFiguresOf } from "../../ledger/queries/sweep.ts";

/** What Today tells in figures, in one statement: what's open, and how many readers there are. */
export async function readFigures(db: Db, now: number) {
  const [row] = await db.select({ ...openColumns(), ...readersColumns(now) }).from(sql`(select 1)`);
  if (row === undefined) throw new Error("a row of constants is not there");
  return { open: openFiguresOf(row), readers: readersOf(row, now) };
}
