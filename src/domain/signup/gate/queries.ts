import { type SQL, sql } from "drizzle-orm";
import { DAY_MS } from "../../../platform/calendar/durations.ts";
import type { Db } from "../../../platform/db/client.ts";
import { field, jsonRows, rowsOf } from "../../../platform/db/json-rows.ts";
import { gateCounts, partners, refusals } from "../../../platform/db/schema/index.ts";
import { insertFrom, type Write } from "../../../platform/db/write.ts";
import type { Budget } from "./budgets.ts";

/** Expression: the reason of the first budget that is used up, or null. Posts and passed were counted already, mails are counted after; denials by others. */
export function firstOver(budgets: readonly Budget[]): SQL {
  return sql`(
    select ${field("reason")} from ${jsonRows(budgets)} r
      left join ${gateCounts} g on g.ends_at = ${field("endsAt")} and g.bucket = ${field("bucket")}
    where coalesce(g.count, 0) + (${field("counts")} = 'mails') > ${field("max")} order by r.key limit 1)`;
}

/** Statement: counts one use of each budget of that kind, where `condition` holds. */
export function countUses(budgets: readonly Budget[], counts: Budget["counts"], condition: SQL): Write {
  const rows = rowsOf(budgets);
  return insertFrom(
    gateCounts,
    { endsAt: rows.of("endsAt"), bucket: rows.of("bucket"), count: 1 },
    sql`from ${rows.from} where ${rows.of("counts")} = ${counts} and ${condition} ${ONE_MORE}`,
  );
}

/** What counting a use that was counted before comes to. */
export const ONE_MORE: SQL = sql`on conflict (ends_at, bucket) do update set count = ${gateCounts.count} + 1`;

/** Statement: counts refusals where `condition` holds. */
export function countRefusal(
  refusal: {
    readonly now: number;
    readonly partnerId: number | SQL | null;
    readonly reason: SQL | string;
    readonly count: number;
  },
  condition: SQL,
): Write {
  const { now, reason, count } = refusal;
  return insertFrom(
    refusals,
    { day: Math.floor(now / DAY_MS), partnerId: refusal.partnerId ?? 0, reason, count },
    sql`where ${condition}
      on conflict (day, partner_id, reason) do update set count = ${refusals.count} + excluded.count`,
  );
}

/** Refusals that were counted in memory, written at once. */
export async function writeRefusals(
  db: Db,
  counted: ReadonlyArray<{
    readonly day: number;
    readonly partnerId: number;
    readonly reason: string;
    readonly count: number;
  }>,
): Promise<void> {
  await db.run(sql`
    insert into ${refusals} (day, partner_id, reason, count)
    select ${field("day")}, ${field("partnerId")}, ${field("reason")}, ${field("count")} from ${jsonRows(counted)} r where true
    on conflict (day, partner_id, reason) do update set count = ${refusals}.count + excluded.count`);
}

/** Refusals of the last `days` days by day, partner (null: our own page, or a form of nobody's) and reason, newest first. */
export function listRefusals(
  db: Db,
  since: { readonly now: number; readonly days: number },
): Promise<
  Array<{
    readonly day: number;
    readonly partner: string | null;
    readonly reason: string;
    readonly count: number;
  }>
> {
  return db.all(sql`
    select r.day as day, p.slug as partner, r.reason as reason, r.count as count
    from ${refusals} r left join ${partners} p on p.id = r.partner_id
    where r.day > ${Math.floor(since.now / DAY_MS) - since.days} order by r.day desc, r.partner_id, r.reason`);
}
