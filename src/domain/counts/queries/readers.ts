import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../../../platform/db/client.ts";
import { dayCounts, subscribers } from "../../../platform/db/schema/index.ts";
import { dayOf } from "./day-counts.ts";

/** So many readers are counted at once; of more, the number of the night is told. */
const COUNTED_AT_ONCE_MAX = 1000;
const FOUR_WEEKS_DAYS = 28;
/** Where they weren't counted on that very day, the days after it will do. */
const NEAR_DAYS = 3;

/** How many readers there are, and when that was counted, epoch ms, and how many there were four weeks before; null for what isn't known. */
export type Readers = {
  readonly now: { readonly n: number; readonly at: number } | null;
  readonly before: number | null;
};

/** Columns of what `readersOf` makes readers of, to be selected along. */
export function readersColumns(now: number) {
  const { day, what, n, at } = dayCounts;
  const counted = (of: SQL, which: SQL) =>
    sql`(select ${of} from ${dayCounts} where ${which} and ${what} = 'readers' order by ${day} desc limit 1)`;
  const latest = sql`${day} <= ${dayOf(now)}`;
  const then = dayOf(now) - FOUR_WEEKS_DAYS;
  return {
    few: sql<number>`(select count(*) from (select 1 from ${subscribers} where ${subscribers.state} = 'active'
      limit ${COUNTED_AT_ONCE_MAX + 1}))`.as("few"),
    readers: sql<number | null>`${counted(sql`${n}`, latest)}`.as("readers"),
    readersAt: sql<number | null>`${counted(sql`${at}`, latest)}`.as("readers_at"),
    before: sql<number | null>`${counted(sql`${n}`, sql`${day} between ${then} and ${then + NEAR_DAYS}`)}`.as(
      "before",
    ),
  };
}

/** How many readers there are: counted at once where they're few, or else what the last night counted. */
export function readersOf(
  row: {
    readonly few: number;
    readonly readers: number | null;
    readonly readersAt: number | null;
    readonly before: number | null;
  },
  now: number,
): Readers {
  const { few, readers, readersAt, before } = row;
  if (few <= COUNTED_AT_ONCE_MAX) return { now: { n: few, at: now }, before };
  return { now: readers === null || readersAt === null ? null : { n: readers, at: readersAt }, before };
}

/** How many readers there are, and were. */
export async function readReaders(db: Db, now: number): Promise<Readers> {
  const [row] = await db.select(readersColumns(now)).from(sql`(select 1)`);
  return row === undefined ? { now: null, before: null } : readersOf(row, now);
}
