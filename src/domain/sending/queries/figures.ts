import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../../../platform/db/client.ts";
import { drafts, sequences, site } from "../../../platform/db/schema/index.ts";
import { readersColumns, readersOf } from "../../counts/queries/readers.ts";
import { openColumns, openFiguresOf } from "../../ledger/queries/sweep.ts";
import { waitedFor } from "../../sequences/queries/editions.ts";

/**
 * What Today tells in figures, in one statement: what's open, how many readers there are, whether anything can be joined, what an
 * owner has begun of their own, and which drafts readers wait for.
 */
export async function readFigures(db: Db, now: number) {
  const published = sql<0 | 1>`exists (select 1 from ${sequences} where ${sequences.archivedAt} is null)`.as(
    "published",
  );
  const some = (of: SQL) => sql<0 | 1>`exists (select 1 from ${of})`;
  const named = some(sql`${site} where ${site.origin} <> 'built_in'`).as("named");
  const written = sql<
    0 | 1
  >`(${some(sql`${drafts} where ${drafts.kind} = 'letter'`)} or ${some(sql`${sequences} where ${sequences.origin} <> 'built_in'`)})`;
  const tried = some(sql`${drafts} where ${drafts.kind} = 'sent'`).as("tried");
  const [row] = await db
    .select({
      ...openColumns(),
      ...readersColumns(now),
      ...{ published, named, written: written.as("written"), tried },
      waitedFor: waitedFor.as("waited_for"),
    })
    .from(sql`(select 1)`);
  if (row === undefined) throw new Error("a row of constants is not there");
  return {
    open: openFiguresOf(row),
    readers: readersOf(row, now),
    published: row.published === 1,
    begun: { named: row.named === 1, written: row.written === 1, tried: row.tried === 1 },
    waitedFor: row.waitedFor,
  };
}
