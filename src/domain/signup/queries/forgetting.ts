import { lt, type SQL, sql } from "drizzle-orm";
import { DAY_MS } from "../../../platform/calendar/durations.ts";
import type { Db } from "../../../platform/db/client.ts";
import { among } from "../../../platform/db/json-rows.ts";
import { consents, gateCounts, lapsedSignUps, refusals } from "../../../platform/db/schema/index.ts";
import { excluded, insertFrom, onConflict } from "../../../platform/db/write.ts";

/** Statement: counts sign-ups that were never confirmed, by day and partner, before they are forgotten. */
export function countLapsed(consentIds: readonly number[]) {
  // D1 binds numbers as REAL: a division by one would not be of whole numbers.
  const day = sql`${consents.requestedAt} / ${sql.raw(String(DAY_MS))}`;
  return insertFrom(
    lapsedSignUps,
    { day, partnerId: sql`coalesce(${consents.partnerId}, 0)`, count: sql`count(*)` },
    sql`from ${consents} where ${among(consents.id, consentIds)} and ${consents.confirmedAt} is null group by 1, 2
      ${onConflict(lapsedSignUps, ["day", "partnerId"], {
        set: { count: sql`${lapsedSignUps.count} + ${excluded(lapsedSignUps, "count")}` },
      })}`,
  );
}

/** Condition: there are budgets that are over, or counts of refusals from before `before`. */
export function hasOldCounts(now: number, before: number): SQL {
  return sql`(exists (select 1 from ${gateCounts} where ${gateCounts.endsAt} <= ${now})
    or exists (select 1 from ${refusals} where ${refusals.day} < ${Math.floor(before / DAY_MS)}))`;
}

/** Statements: forget some of them. */
export function forgetOldCounts(db: Db, now: number, before: number, limit: number) {
  const over = db
    .select({ endsAt: gateCounts.endsAt, bucket: gateCounts.bucket })
    .from(gateCounts)
    .where(sql`${gateCounts.endsAt} <= ${now}`)
    .orderBy(gateCounts.endsAt)
    .limit(limit);
  const old = db
    .select({ day: refusals.day, partnerId: refusals.partnerId, reason: refusals.reason })
    .from(refusals)
    .where(lt(refusals.day, Math.floor(before / DAY_MS)))
    .orderBy(refusals.day)
    .limit(limit);
  return {
    budgets: db.delete(gateCounts).where(sql`(${gateCounts.endsAt}, ${gateCounts.bucket}) in ${over}`),
    refusals: db
      .delete(refusals)
      .where(sql`(${refusals.day}, ${refusals.partnerId}, ${refusals.reason}) in ${old}`),
  };
}
