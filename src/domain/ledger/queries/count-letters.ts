import { type SQL, sql } from "drizzle-orm";
import { rowsOf } from "../../../platform/db/json-rows.ts";
import { deliveries } from "../../../platform/db/schema/index.ts";
import type { Family } from "../../counts/mailbox-family.ts";
import { addToCounts, dayIn } from "../../counts/queries/day-counts.ts";
import { latenessIn, reportIn } from "../../counts/queries/recount.ts";
import type { Accepted } from "../settled.ts";

/** Letters count on the day on which they were planned. */
const day = dayIn(sql`${deliveries.plannedAt}`);

/**
 * Statement: counts letters that the next statement makes accepted, at `at`, by mailbox and by lateness: those of `accepted` that are in one of
 * `states` and of which `condition` is true.
 */
export function countAccepted(
  accepted: readonly Accepted[],
  at: SQL,
  states: SQL,
  condition: SQL = sql`true`,
) {
  const rows = rowsOf(accepted);
  const key = sql`case what.value when 'accepted' then ${rows.of("family")} else ${latenessIn(at)} end`;
  return addToCounts(
    { day, what: sql`what.value`, key, n: sql`count(*)` },
    sql`from ${rows.from} join ${deliveries} on ${deliveries.id} = ${rows.of("id")} and ${deliveries.state} in ${states}
      cross join json_each('["accepted","lateness"]') what where ${condition} group by ${day}, what.value, ${key}`,
  );
}

/**
 * Statement: counts a report of a letter that the next statement notes where `isNews` holds, on the letter's day, in place of
 * what was reported of it before. A restored database may not know yet that the provider took it; it counts all the same.
 */
export function countReport(report: string, family: Family, isNews: SQL) {
  const was = reportIn(sql`${deliveries.feedback}`);
  const is = reportIn(sql`${report}`);
  const what = sql`case sign.value when 1 then ${is} else ${was} end`;
  return addToCounts(
    { day, what, key: family, n: sql`sign.value` },
    sql`from ${deliveries} cross join json_each('[1,-1]') sign where ${isNews} and ${what} is not null and ${is} is not ${was}`,
  );
}
