import {
  FIRST_THEME_AFTER_MS,
  gapMs,
  keptApart,
  nextSlot,
  type Slot,
  slotAfter,
  startOfDate,
} from "../../platform/calendar/slot.ts";

/** When an enrollment's themes come: what a reader can change about it. Instants in epoch ms. */
export type Schedule = Slot & {
  readonly state: "active" | "paused";
  readonly everyWeeks: number;
  /** The next slot; null while paused, and where nothing is left to come. */
  readonly nextDueAt: number | null;
  /** Slots before it were skipped by the reader. */
  readonly notBefore: number | null;
  /** Local date (ISO 8601) from which letters come again; null for "until I come back". */
  readonly pauseUntil: string | null;
  /** The first slot after the pause; null unless paused until a date. */
  readonly resumeAt: number | null;
};

/** An enrollment as far as its schedule goes. */
export type Scheduled = Omit<Schedule, "state"> & {
  readonly state: "active" | "paused" | "stopped" | "completed";
  /** When the last theme arrived that was not skipped. */
  readonly lastAt: number | null;
  readonly enrolledAt: number;
};

/** What a reader asks for. */
export type ScheduleChange =
  | { readonly kind: "slot"; readonly slot: Slot; readonly everyWeeks: number }
  | { readonly kind: "pause"; readonly until: string | null }
  | { readonly kind: "resume" }
  /** Skips the theme of this slot, if that is still the next: no tick has planned it. */
  | { readonly kind: "skip"; readonly dueAt: number }
  /** Takes an unsubscription back. */
  | { readonly kind: "return"; readonly everyWeeks: number | null; readonly pauseUntil: string | null };

/**
 * The schedule after a change at `now`; null where it does not apply (a stopped enrollment cannot be paused, and a letter
 * that is planned cannot be skipped). However often and in whatever order readers change things, the next theme
 * keeps six days from the last one, and nothing is made up for.
 */
export function changedSchedule(was: Scheduled, change: ScheduleChange, now: number): Schedule | null {
  const { weekday, hour, timeZone, everyWeeks, notBefore } = was;
  if (change.kind === "return") {
    if (was.state !== "stopped") return null;
    const base = { weekday, hour, timeZone, everyWeeks: change.everyWeeks ?? everyWeeks, notBefore };
    return change.pauseUntil === null ? running(was, base, now) : paused(was, base, change.pauseUntil, now);
  }
  if (was.state !== "active" && was.state !== "paused") return null;
  const base = { weekday, hour, timeZone, everyWeeks, notBefore };
  switch (change.kind) {
    case "slot": {
      const changed = { ...change.slot, everyWeeks: change.everyWeeks, notBefore };
      if (was.state === "paused") return paused(was, changed, was.pauseUntil, now);
      // A slot that has come and waits for its tick is not the reader's to lose: its letter is planned late.
      return was.nextDueAt !== null && was.nextDueAt <= now
        ? { ...changed, ...RUNNING, nextDueAt: was.nextDueAt }
        : running(was, changed, now);
    }
    case "pause":
      return paused(was, base, change.until, now);
    case "resume":
      return was.state === "active"
        ? { ...base, ...RUNNING, nextDueAt: was.nextDueAt }
        : running(was, base, now);
    case "skip":
      return was.state === "active" && was.nextDueAt === change.dueAt
        ? running(was, { ...base, notBefore: (comesAt(was) ?? change.dueAt) + gapMs(everyWeeks) }, now)
        : null;
  }
}

/** The schedule as it was before a change, as near as the letters sent since allow. */
export function restoredSchedule(is: Scheduled, was: Schedule, now: number): Schedule {
  const { weekday, hour, timeZone, everyWeeks, notBefore } = was;
  const base = { weekday, hour, timeZone, everyWeeks, notBefore };
  if (was.state === "paused") return paused(is, base, was.pauseUntil, now);
  const free =
    was.nextDueAt !== null &&
    was.nextDueAt > now &&
    keptApart(base, was.nextDueAt, is.lastAt, everyWeeks) === was.nextDueAt;
  return free ? { ...base, ...RUNNING, nextDueAt: was.nextDueAt } : running(is, base, now);
}

/** What tells when themes come. */
export type Coming = Pick<
  Scheduled,
  "weekday" | "hour" | "timeZone" | "everyWeeks" | "nextDueAt" | "resumeAt" | "lastAt"
>;

/** When the next theme comes: in the next slot that keeps the distance to the last one. Null while paused without an end. */
export function comesAt(schedule: Coming): number | null {
  const next = schedule.nextDueAt ?? schedule.resumeAt;
  return next === null ? null : keptApart(schedule, next, schedule.lastAt, schedule.everyWeeks);
}

/** The next instants at which themes come, at most `count`; none while paused without an end. */
export function datesOf(schedule: Coming, count: number): number[] {
  const dates: number[] = [];
  let next = comesAt(schedule);
  while (next !== null && dates.length < count) {
    dates.push(next);
    next = slotAfter(schedule, next, schedule.everyWeeks);
  }
  return dates;
}

/**
 * When themes come to someone who joins, or comes back, at `now`: in the first slot that keeps half a day from it, and the distance to the last theme
 * (`lastAt`, null for none); and whether one may come at once, with the slot that follows it.
 */
export function beginning(
  slot: Slot,
  everyWeeks: number,
  lastAt: number | null,
  now: number,
): { readonly nextDueAt: number; readonly mayBeAtOnce: boolean; readonly afterwards: number } {
  return {
    nextDueAt: nextSlot(slot, now + FIRST_THEME_AFTER_MS, lastAt, everyWeeks),
    mayBeAtOnce: lastAt === null || now >= lastAt + gapMs(everyWeeks),
    afterwards: slotAfter(slot, now, everyWeeks),
  };
}

const RUNNING = { state: "active", pauseUntil: null, resumeAt: null } as const;
type Base = Slot & { readonly everyWeeks: number; readonly notBefore: number | null };

function running(was: Scheduled, base: Base, now: number): Schedule {
  return { ...base, ...RUNNING, nextDueAt: firstSlot(was, base, now) };
}

function paused(was: Scheduled, base: Base, until: string | null, now: number): Schedule {
  const resumeAt =
    until === null ? null : firstSlot(was, base, Math.max(now, startOfDate(until, base.timeZone)));
  return { ...base, state: "paused", nextDueAt: null, pauseUntil: until, resumeAt };
}

/** The first theme keeps half a day from the confirmation, every other one its distance from the one before. */
function firstSlot(was: Scheduled, base: Base, from: number): number {
  const start = was.lastAt === null ? was.enrolledAt + FIRST_THEME_AFTER_MS : 0;
  return nextSlot(base, Math.max(from, start, base.notBefore ?? 0), was.lastAt, base.everyWeeks);
}
