import { sql } from "drizzle-orm";
import type { Db } from "../../../platform/db/client.ts";
import { broadcasts, feedbackEvents, jobs, optOuts } from "../../../platform/db/schema/index.ts";
import { isOpen } from "../../broadcasts/queries/broadcasts.ts";
import { isCounted } from "../../counts/queries/day-counts.ts";
import { openJobs } from "../../jobs/queries/jobs.ts";
import { unresolvedWork } from "../../ledger/queries/sweep.ts";
import { isRendering } from "../../site/queries/site.ts";

/** What a tick finds to do besides planning; each is one look at a small partial index. */
export async function readChores(
  db: Db,
  times: {
    readonly heldBefore: number;
    readonly uncertainSince: number;
    readonly today: number;
    readonly now: number;
  },
) {
  const [row] = await db
    .select({
      ...unresolvedWork(times),
      unjournaled: sql<0 | 1>`exists (select 1 from ${optOuts} where ${optOuts.journaledAt} is null)`.as(
        "unjournaled",
      ),
      rendering: sql<0 | 1>`${isRendering}`.as("rendering"),
      counting: sql<0 | 1>`${isCounted(times.today)} = 0`.as("counting"),
      broadcasts: sql<
        0 | 1
      >`exists (select 1 from ${broadcasts} where ${isOpen} and ${broadcasts.locksAt} <= ${times.now})`.as(
        "broadcasts",
      ),
      jobs: sql<0 | 1>`exists (select 1 from ${jobs} where ${openJobs(times.now)})`.as("jobs"),
      parked: sql<
        0 | 1
      >`exists (select 1 from ${feedbackEvents} where ${feedbackEvents.parkedAt} is not null)`.as("parked"),
    })
    .from(sql`(select 1)`);
  return {
    unjournaled: row?.unjournaled === 1,
    held: row?.held === 1,
    uncertain: row?.uncertain === 1,
    parked: row?.parked === 1,
    broadcasts: row?.broadcasts === 1,
    jobs: row?.jobs === 1,
    rendering: row?.rendering === 1,
    counting: row?.counting === 1,
  };
}
