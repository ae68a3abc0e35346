import { compareCounts, type Difference } from "../../src/domain/counts/compare-counts.ts";
import { FROM_FACTS, readCounts } from "../../src/domain/counts/queries/day-counts.ts";
import { countAnew } from "../../src/domain/counts/queries/recount.ts";
import type { Service } from "./service.ts";

/** Where the numbers of any day differ from what happened on it. */
export async function wrongCounts({ db, kinds }: Pick<Service, "db" | "kinds">): Promise<Difference[]> {
  const days = { from: 0, to: 1_000_000 };
  const all = await readCounts(db, days, FROM_FACTS);
  const wrong: Difference[] = [];
  for (const day of new Set(all.map((count) => count.day))) {
    const facts = await countAnew(db, day, kinds.toSubscribers);
    const counted = all.filter((count) => count.day === day);
    wrong.push(...compareCounts(counted, facts, FROM_FACTS));
  }
  return wrong;
}
