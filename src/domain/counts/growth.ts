import type { DayCount } from "./queries/day-counts.ts";

/** So many weeks are looked back on. */
export const WEEKS = 12;
const DAYS_A_WEEK = 7;

/** A week that ends with the day before `until` (days of UTC): who joined, left and was suppressed in it. */
export type Week = {
  readonly from: number;
  readonly until: number;
  readonly joined: number;
  readonly left: number;
  readonly suppressed: number;
};

/** What the letters planned in a week came to. */
export type LetterWeek = {
  readonly from: number;
  readonly until: number;
  readonly accepted: number;
  readonly delivered: number;
  readonly bounced: number;
  readonly complained: number;
};

/** The weeks up to today, today included, the oldest first. */
function weeksUpTo(today: number) {
  return Array.from({ length: WEEKS }, (_, place) => {
    const until = today + 1 - (WEEKS - 1 - place) * DAYS_A_WEEK;
    return { from: until - DAYS_A_WEEK, until };
  });
}

/** The first day that is looked back on. */
export function firstDay(today: number): number {
  return today + 1 - WEEKS * DAYS_A_WEEK;
}

function sumOf(
  counts: readonly DayCount[],
  what: DayCount["what"],
  of: { from: number; until: number },
): number {
  return counts
    .filter((each) => each.what === what && each.day >= of.from && each.day < of.until)
    .reduce((sum, { n }) => sum + n, 0);
}

/** Who came and went, week by week. */
export function growthOf(counts: readonly DayCount[], today: number): Week[] {
  return weeksUpTo(today).map((week) => ({
    ...week,
    joined: sumOf(counts, "confirmed", week),
    left: sumOf(counts, "left", week),
    suppressed: sumOf(counts, "suppressed", week),
  }));
}

/** What letters came to, week by week. */
export function lettersOf(counts: readonly DayCount[], today: number): LetterWeek[] {
  return weeksUpTo(today).map((week) => ({
    ...week,
    accepted: sumOf(counts, "accepted", week),
    delivered: sumOf(counts, "delivered", week),
    bounced: sumOf(counts, "bounced", week) + sumOf(counts, "refused", week),
    complained: sumOf(counts, "complained", week),
  }));
}

/** What was counted under each key, the most first. */
export function byKey(
  counts: readonly DayCount[],
  what: DayCount["what"],
): ReadonlyArray<{ readonly key: string; readonly n: number }> {
  const own = Map.groupBy(
    counts.filter((each) => each.what === what),
    ({ key }) => key,
  );
  return [...own]
    .map(([key, of]) => ({ key, n: of.reduce((sum, { n }) => sum + n, 0) }))
    .filter(({ n }) => n !== 0)
    .sort((a, b) => b.n - a.n || (a.key < b.key ? -1 : 1));
}
