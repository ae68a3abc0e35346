import { sql } from "drizzle-orm";
import type { Db } from "../../../platform/db/client.ts";
import { sequences } from "../../../platform/db/schema/index.ts";
import { readersColumns, readersOf } from "../../counts/queries/readers.ts";
import { openColumns, openFiguresOf } from "../../ledger/queries/sweep.ts";
import { waitedFor } from "../../sequences/queries/editions.ts";

/** What Today tells in figures, in one statement: what's open, how many readers there are, whether anything can be joined, and which drafts readers wait for. */
export async function readFigures(db: Db, now: number) {
  const published = sql<0 | 1>`exists (select 1 from ${sequences} where ${sequences.archivedAt} is null)`.as(
    "published",
  );
  const [row] = await db
    .select({ ...openColumns(), ...readersColumns(now), published, waitedFor: waitedFor.as("waited_for") })
    .from(sql`(select 1)`);
  if (row === undefined) throw new Error("a row of constants is not there");
  return {
    open: openFiguresOf(row),
    readers: readersOf(row, now),
    published: row.published === 1,
    waitedFor: row.waitedFor,
  };
}
