/** Lengths of time in milliseconds. A day here is 24 hours, whatever a calendar makes of it. */
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
export const WEEK_MS = 7 * DAY_MS;
