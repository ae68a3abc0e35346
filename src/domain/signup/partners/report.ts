import { DAY_MS } from "../../../platform/calendar/durations.ts";
import type { Db } from "../../../platform/db/client.ts";
import { type ReportRow, readReport } from "./queries/report.ts";

/** Below this a cell could tell of single people (rule 4.21). */
const SMALLEST_CELL = 5;
/** Half a year. */
const WEEKS = 26;

/** A count as a partner may see it: 1 to 4 are not told apart. */
export type Cell = number | "<5";

/** One week of a partner's forms; people belong to the week in which they signed up. */
export type ReportWeek = {
  /** The week's Monday (UTC), YYYY-MM-DD. */
  readonly week: string;
  readonly submitted: Cell;
  readonly confirmed: Cell;
  /** Of those who first came by this partner; null while four weeks have not passed for all of them. */
  readonly active_after_four_weeks: Cell | null;
  readonly unsubscribed: Cell;
  readonly bounced: Cell;
  readonly complained: Cell;
  readonly refused: Cell;
};

/**
 * The weeks of a partner that are over, the newest first, with small cells hidden. The running week is left out, because a count
 * that is seen to grow by one tells of one person.
 */
export async function partnerReport(db: Db, partnerId: number, now: number): Promise<ReportWeek[]> {
  const endDay = mondayOf(now);
  return reportOf(await readReport(db, { partnerId, now, endDay, firstDay: endDay - 7 * WEEKS }));
}

/**
 * How many posts of a partner's forms passed the gate in the running week. One counts whatever the state of its address, and each one counts,
 * so that it tells of posts and never of people.
 */
export async function postsThisWeek(db: Db, partnerId: number, now: number): Promise<number> {
  const firstDay = mondayOf(now);
  const [week] = await readReport(db, { partnerId, now, firstDay, endDay: firstDay + 7 });
  return week?.submitted ?? 0;
}

/** The Monday (UTC) of a moment's week, in days since the epoch. */
function mondayOf(now: number): number {
  const today = Math.floor(now / DAY_MS);
  // Day 0 was a Thursday.
  return today - ((today + 3) % 7);
}

function reportOf(rows: readonly ReportRow[]): ReportWeek[] {
  return rows.map((row) => ({
    week: new Date(row.week * 7 * DAY_MS - 3 * DAY_MS).toISOString().slice(0, 10),
    submitted: cell(row.submitted),
    confirmed: cell(row.confirmed),
    active_after_four_weeks: row.tooEarly > 0 ? null : cell(row.active),
    unsubscribed: cell(row.unsubscribed),
    bounced: cell(row.bounced),
    complained: cell(row.complained),
    refused: cell(row.refused),
  }));
}

function cell(count: number): Cell {
  return count > 0 && count < SMALLEST_CELL ? "<5" : count;
}
