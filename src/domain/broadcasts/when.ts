import { daysOn, hourOfDate, localDate } from "../../platform/calendar/slot.ts";
import type { BroadcastTime, ON_THEME_DAYS } from "../../platform/db/schema/index.ts";

/** As many days as a broadcast moves for themes; then it comes beside one. */
const MOVES_MAX = 3;

/** A reader of the audience: the zone of their clock, and the instants at which they get themes, as far as is known. */
export type Clock = { readonly timeZone: string; readonly themesAt: readonly number[] };

/** When a reader gets a broadcast, or that they're left out because of a theme on that day. */
export type Slotted =
  | { readonly kind: "slot"; readonly at: number }
  | { readonly kind: "left_out"; readonly at: number };

/**
 * When a reader gets a broadcast that is locked at `lockedAt`: at once, or at its hour of their clock, which for those where it has passed comes at once
 * or a day later. On a day when they get a theme it moves to their next day without one, at the same hour, three days at most.
 */
export function slotFor(
  time: BroadcastTime,
  onThemeDays: (typeof ON_THEME_DAYS)[number],
  { timeZone, themesAt }: Clock,
  lockedAt: number,
): Slotted {
  const at = firstSlot(time, timeZone, lockedAt);
  if (onThemeDays === "regardless") return { kind: "slot", at };
  const themeDays = new Set(themesAt.map((each) => localDate(each, timeZone)));
  if (!themeDays.has(localDate(at, timeZone))) return { kind: "slot", at };
  if (onThemeDays === "leave_out") return { kind: "left_out", at };
  for (let days = 1; days <= MOVES_MAX; days += 1) {
    const moved = daysOn(at, timeZone, days);
    if (!themeDays.has(localDate(moved, timeZone)) || days === MOVES_MAX) return { kind: "slot", at: moved };
  }
  return { kind: "slot", at };
}

function firstSlot(time: BroadcastTime, timeZone: string, lockedAt: number): number {
  switch (time.kind) {
    case "now":
    case "at":
      return lockedAt;
    case "clock": {
      const at = hourOfDate(time.date, time.hour, timeZone);
      if (at >= lockedAt) return at;
      if (time.passed === "today") return lockedAt;
      // Late by more than a day, it comes at that hour on the next day that there is.
      for (let days = 1; ; days += 1) {
        const later = daysOn(at, timeZone, days);
        if (later >= lockedAt) return later;
      }
    }
  }
}
