import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../../../platform/db/client.ts";
import { field, jsonRows } from "../../../platform/db/json-rows.ts";
import type { Budget } from "./budgets.ts";

const DAY_MS = 24 * 3_600_000;

/** Expression: the reason of the first budget that is used up, or null. Posts and passed were counted already, mails are counted after; denials by others. */
export function firstOver(budgets: readonly Budget[]): SQL {
  return sql`(
    select ${field("reason")} from ${jsonRows(budgets)} r
      left join gate_counts g on g.ends_at = ${field("endsAt")} and g.bucket = ${field("bucket")}
    where coalesce(g.count, 0) + (${field("counts")} = 'mails') > ${field("max")} order by r.key limit 1)`;
}

/** Statement: counts one use of each budget of that kind, where `condition` holds. */
export function countUses(budgets: readonly Budget[], counts: Budget["counts"], condition: SQL): SQL {
  return sql`
    insert into gate_counts (ends_at, bucket, count)
    select ${field("endsAt")}, ${field("bucket")}, 1 from ${jsonRows(budgets)} r
    where ${field("counts")} = ${counts} and ${condition}
    on conflict (ends_at, bucket) do update set count = gate_counts.count + 1`;
}

/** Statement: counts refusals where `condition` holds. */
export function countRefusal(
  refusal: {
    readonly now: number;
    readonly partnerId: number | null;
    readonly reason: SQL | string;
    readonly count: number;
  },
  condition: SQL,
): SQL {
  return sql`
    insert into refusals (day, partner_id, reason, count)
    select ${Math.floor(refusal.now / DAY_MS)}, ${refusal.partnerId ?? 0}, ${refusal.reason}, ${refusal.count}
    where ${condition}
    on conflict (day, partner_id, reason) do update set count = refusals.count + excluded.count`;
}

/** Refusals that were counted in memory, written at once. */
export async function writeRefusals(
  db: Db,
  refusals: ReadonlyArray<{
    readonly day: number;
    readonly partnerId: number;
    readonly reason: string;
    readonly count: number;
  }>,
): Promise<void> {
  await db.run(sql`
    insert into refusals (day, partner_id, reason, count)
    select ${field("day")}, ${field("partnerId")}, ${field("reason")}, ${field("count")} from ${jsonRows(refusals)} r where true
    on conflict (day, partner_id, reason) do update set count = refusals.count + excluded.count`);
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
    from refusals r left join partners p on p.id = r.partner_id
    where r.day > ${Math.floor(since.now / DAY_MS) - since.days} order by r.day desc, r.partner_id, r.reason`);
}
