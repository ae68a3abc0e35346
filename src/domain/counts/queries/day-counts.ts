import { and, asc, between, eq, inArray, ne, type SQL, sql } from "drizzle-orm";
import { DAY_MS } from "../../../platform/calendar/durations.ts";
import type { Db } from "../../../platform/db/client.ts";
import type { COUNTED } from "../../../platform/db/schema/index.ts";
import { dayCounts } from "../../../platform/db/schema/index.ts";
import { excluded, insertFrom, onConflict, type Write } from "../../../platform/db/write.ts";

/** What is counted by the day. */
export type Counted = (typeof COUNTED)[number];

/** A number of a day (of UTC, days since the epoch). */
export type DayCount = {
  readonly day: number;
  readonly what: Counted;
  readonly key: string;
  readonly n: number;
};

/** The day of an instant, in days of UTC since the epoch. */
export function dayOf(at: number): number {
  return Math.floor(at / DAY_MS);
}

/** The day of an instant in a statement. */
export function dayIn(at: SQL): SQL<number> {
  return sql<number>`cast(${at} / ${sql.raw(String(DAY_MS))} as integer)`;
}

const ADDED = onConflict(dayCounts, ["day", "what", "key"], {
  set: { n: sql`${dayCounts.n} + ${excluded(dayCounts, "n")}` },
});

/** Statement: adds numbers to those of their days, one for each row that `from` selects. `from` needs a condition, even if it's `where true`. */
export function addToCounts(
  count: {
    readonly day: SQL<number> | number;
    readonly what: SQL | Counted;
    readonly key: SQL | string;
    readonly n: SQL | number;
  },
  from: SQL,
): Write {
  return insertFrom(dayCounts, count, sql`${from} ${ADDED}`);
}

/** Statement: adds one where the statement before it in the same transaction changed a row. */
export function countThat(count: {
  readonly day: number;
  readonly what: Counted;
  readonly key: SQL | string;
}): Write {
  return addToCounts({ ...count, n: 1 }, sql`where changes() > 0`);
}

/** What is counted as it happens, and can be counted anew from what is kept. */
export const FROM_FACTS = [
  "confirmed",
  "left",
  "suppressed",
  "accepted",
  "lateness",
  "delivered",
  "failed",
  "refused",
  "bounced",
  "complained",
] as const satisfies readonly Counted[];

/** The numbers of these days, both ends included, by day. Numbers of nothing are left out. */
export function readCounts(
  db: Db,
  days: { readonly from: number; readonly to: number },
  whats: readonly Counted[],
): Promise<DayCount[]> {
  const { day, what, key, n } = dayCounts;
  return db
    .select({ day, what, key, n })
    .from(dayCounts)
    .where(and(between(day, days.from, days.to), inArray(what, [...whats]), ne(n, 0)))
    .orderBy(asc(day), asc(what), asc(key));
}

/** Condition: the readers were counted on that day. */
export function isCounted(on: number): SQL {
  const { day, what } = dayCounts;
  return sql`exists (select 1 from ${dayCounts} where ${day} = ${on} and ${what} = 'readers')`;
}

/** Statement: forgets what was counted of a day as it happened. */
export function forgetCounts(db: Db, day: number) {
  return db.delete(dayCounts).where(and(eq(dayCounts.day, day), inArray(dayCounts.what, [...FROM_FACTS])));
}

/** Statement: keeps a number that was counted at once, or that stands for `n` itself, in place of an earlier one of that day. */
export function keepCount(
  count: { readonly day: number; readonly what: Counted; readonly key: string; readonly at: number },
  n: SQL,
): Write {
  return insertFrom(
    dayCounts,
    { ...count, n },
    sql`where true ${onConflict(dayCounts, ["day", "what", "key"], { take: ["n", "at"] })}`,
  );
}
