import type { Counted, DayCount } from "./queries/day-counts.ts";

/** How a number of a day differs from the facts that it counts. */
export type Difference = { readonly what: Counted; readonly counted: number; readonly facts: number };

/** Where the numbers of a day aren't what its facts come to; keys aren't compared, because who was erased has no mailbox any more. */
export function compareCounts(
  counted: readonly Pick<DayCount, "what" | "n">[],
  facts: ReadonlyMap<Counted, number>,
  whats: readonly Counted[],
): Difference[] {
  return whats
    .map((what) => ({
      what,
      counted: counted.filter((each) => each.what === what).reduce((sum, { n }) => sum + n, 0),
      facts: facts.get(what) ?? 0,
    }))
    .filter((each) => each.counted !== each.facts);
}
