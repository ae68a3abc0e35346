import { WEEK_MS } from "../../platform/calendar/durations.ts";

/** Soft bounces in this many distinct weeks, with nothing delivered since the first of them, suspend an address (rule 6.27). */
const SOFT_WEEKS = 3;

/**
 * Whether soft bounces at these instants suspend an address, given when a letter to it was delivered last (null: never).
 * The order in which the events came does not matter.
 */
export function suspends(softBouncesAt: readonly number[], lastDeliveredAt: number | null): boolean {
  const since = softBouncesAt.filter((at) => at > (lastDeliveredAt ?? Number.NEGATIVE_INFINITY));
  return new Set(since.map((at) => Math.floor(at / WEEK_MS))).size >= SOFT_WEEKS;
}

/** So many hard bounces at one receiver in a day, and so many times its busiest day before, are a storm, not dead addresses. */
const STORM_MIN = 20;
const STORM_FACTOR = 5;

/**
 * Whether today's hard bounces at a receiving domain look like a fault of the receiver (rule 6.28). `busiestBefore` is the
 * highest count of a day in the four weeks before.
 */
export function isStorm(today: number, busiestBefore: number): boolean {
  return today >= STORM_MIN && today > STORM_FACTOR * Math.max(busiestBefore, 1);
}
