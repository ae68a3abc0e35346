import { desc, sql } from "drizzle-orm";
import { readAsOne } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { broadcasts, runs } from "../../../platform/db/schema/index.ts";

/** So many of the last broadcasts make the usual. */
const LAST = 10;

/** What the other broadcasts say of this one: how many people the last ones went to, in the middle; whether one had its subject, or leaves near it. */
export async function readNeighbours(
  db: Db,
  id: number,
  { subject, from, to }: { readonly subject: string; readonly from: number; readonly to: number },
) {
  const { last, found } = await readAsOne(db, {
    last: db
      .select({ planned: runs.planned })
      .from(broadcasts)
      .innerJoin(runs, sql`${runs.id} = ${broadcasts.runId}`)
      .where(sql`${broadcasts.id} <> ${id} and ${broadcasts.lockedAt} is not null`)
      .orderBy(desc(broadcasts.id))
      .limit(LAST),
    found: db
      .select({
        sameSubject: sql<0 | 1>`exists (select 1 from ${broadcasts} where ${broadcasts.id} <> ${id}
          and ${broadcasts.subject} = ${subject} and ${subject} <> '')`.as("same_subject"),
        sameDay: sql<0 | 1>`exists (select 1 from ${broadcasts} where ${broadcasts.id} <> ${id}
          and ${broadcasts.state} <> 'draft' and coalesce(${broadcasts.lockedAt}, ${broadcasts.locksAt}) between ${from} and ${to})`.as(
          "same_day",
        ),
      })
      .from(sql`(select 1)`),
  });
  const [row] = found;
  const sorted = last.map(({ planned }) => planned).sort((a, b) => a - b);
  return {
    usual: sorted[Math.floor(sorted.length / 2)] ?? null,
    sameSubject: row?.sameSubject === 1,
    sameDay: row?.sameDay === 1,
  };
}
