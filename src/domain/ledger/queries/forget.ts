import { and, eq, lt, type SQL, sql } from "drizzle-orm";
import { batch } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { among } from "../../../platform/db/json-rows.ts";
import { attempts, batches, deliveries } from "../../../platform/db/schema/index.ts";

/** Condition: there are attempts from before `before`. */
export function hasOldAttempts(before: number): SQL {
  return sql`exists (select 1 from ${attempts} where ${lt(attempts.startedAt, before)})`;
}

/**
 * Forgets the attempts of batches that are done, where they began before `before`, and those batches that no delivery is in any more (it was
 * halved, or its letters were released). At most `limit` batches a call, the oldest first. What became of each letter stays with the letter.
 */
export async function forgetAttempts(db: Db, before: number, limit: number): Promise<void> {
  const old = await db
    .selectDistinct({ batchId: attempts.batchId })
    .from(attempts)
    .innerJoin(batches, and(eq(batches.id, attempts.batchId), eq(batches.state, "done")))
    .where(lt(attempts.startedAt, before))
    .orderBy(attempts.startedAt)
    .limit(limit);
  if (old.length === 0) return;
  const ids = old.map(({ batchId }) => batchId);
  const isLeft = (table: typeof attempts | typeof deliveries) =>
    sql`exists (select 1 from ${table} where ${table.batchId} = ${batches.id})`;
  await batch(db, {
    attempts: db.delete(attempts).where(and(among(attempts.batchId, ids), lt(attempts.startedAt, before))),
    batches: db
      .delete(batches)
      .where(and(among(batches.id, ids), sql`not ${isLeft(attempts)}`, sql`not ${isLeft(deliveries)}`)),
  });
}
