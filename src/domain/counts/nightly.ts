import { DAY_MS } from "../../platform/calendar/durations.ts";
import type { Db } from "../../platform/db/client.ts";
import { faultName } from "../../platform/log/fault-name.ts";
import { clearAlert, raiseAlert } from "../../platform/log/queries.ts";
import type { Doer } from "../acts/act.ts";
import { recordAct } from "../acts/queries/acts.ts";
import { compareCounts } from "./compare-counts.ts";
import { dayOf, FROM_FACTS, readCounts } from "./queries/day-counts.ts";
import { countAnew, recount, takeStock, uncountedDays } from "./queries/recount.ts";

/** So many days back the facts of a day are all there: confirmations that were never answered are forgotten later on. */
const RECOUNTED_DAYS = 14;

/** Days from before the counting that one night makes up for. */
const MADE_UP_A_NIGHT = 60;

type Deps = { readonly db: Db; readonly now: number; readonly toSubscribers: readonly string[] };

/**
 * What the first tick of a day does for the numbers: counts the readers, marks where the day begins, compares a day of the last fortnight with its
 * facts, and counts days from before the counting began. A difference raises an alert. `chance` is from 0 up to 1. Safe to repeat.
 */
export async function countNightly(deps: Deps, chance: number): Promise<void> {
  const { db, now, toSubscribers } = deps;
  const today = dayOf(now);
  for (const day of await uncountedDays(db, today, MADE_UP_A_NIGHT)) await recount(db, day, deps);
  await takeStock(db, today, now);
  const day = today - 1 - Math.floor(chance * RECOUNTED_DAYS);
  const [counted, facts] = await Promise.all([
    readCounts(db, { from: day, to: day }, FROM_FACTS),
    countAnew(db, day, toSubscribers),
  ]);
  const [first] = compareCounts(counted, facts, FROM_FACTS);
  if (first === undefined) return;
  const detail = `${dateOfDay(day)}: ${first.what} ${first.counted}, facts ${first.facts}`;
  await raiseAlert(db, { name: "counts.differ", detail, now });
}

/** For numbers that can't be counted now: letters don't wait for them, and the next tick tries again. */
export function countLater(error: unknown): void {
  console.error(JSON.stringify({ event: "counts.later", error: faultName(error) }));
}

/** Counts a day of the last fortnight anew, with the act, and clears the alert. False for another day. */
export async function recountDay(deps: Deps & { readonly by: Doer }, day: number): Promise<boolean> {
  const { db, now, by } = deps;
  const ago = dayOf(now) - day;
  if (ago < 0 || ago > RECOUNTED_DAYS) return false;
  const act = { at: now, verb: "recount", object: `day:${dateOfDay(day)}`, changed: {} } as const;
  await recount(db, day, deps, { act: recordAct(by, act), cleared: clearAlert(db, "counts.differ") });
  return true;
}

/** A number from 0 up to 1 out of random hexadecimal digits. */
export function chanceOf(random: string): number {
  return Number.parseInt(random.slice(0, 8), 16) / 2 ** 32;
}

/** The day of a date; null for what isn't one. */
export function dayOfDate(date: string): number | null {
  const at = Date.parse(`${date}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(date) && Number.isFinite(at) ? at / DAY_MS : null;
}

/** A day as a date, `2026-11-24`. */
export function dateOfDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
