import fc from "fast-check";
import { expect, test } from "vitest";
import { type LedgerTheme, lastArrival } from "../../src/domain/ledger/ledger-theme.ts";
import { type PlanStep, planTheme } from "../../src/domain/sequences/plan-theme.ts";
import {
  changedSchedule,
  comesAt,
  datesOf,
  restoredSchedule,
  type Schedule,
  type ScheduleChange,
  type Scheduled,
} from "../../src/domain/sequences/schedule.ts";
import { FIRST_THEME_AFTER_MS, gapMs, localDate, nextSlot } from "../../src/platform/calendar/slot.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 2, 26, 12);
const ZONES = [
  "Europe/Berlin",
  "America/New_York",
  "Pacific/Kiritimati",
  "Pacific/Pago_Pago",
  "Australia/Lord_Howe",
  "Africa/Cairo",
  "Asia/Kathmandu",
  "UTC",
];
const STEPS: PlanStep[] = Array.from({ length: 8 }, (_, place) => ({
  stepId: place + 1,
  position: place,
  status: "published",
  backfill: true,
  renditionId: place + 1,
  variants: {},
}));

/** What can happen to a reader, in any order. */
type Event =
  | { readonly kind: "pass"; readonly ms: number }
  /** From now on letters are accepted so long after their tick: an outage, or a hold that the owner ends. */
  | { readonly kind: "outage"; readonly ms: number }
  | {
      readonly kind: "slot";
      readonly weekday: number;
      readonly hour: number;
      readonly zone: string;
      readonly every: number;
    }
  | { readonly kind: "pause"; readonly days: number | null }
  | { readonly kind: "resume" | "skip" | "undo" | "leave" | "sign_up_again" }
  | { readonly kind: "return"; readonly every: number | null; readonly days: number | null };

const HELD_MS = 48 * HOUR;

const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("pass" as const),
      ms: fc.integer({ min: HOUR, max: 10 * DAY }),
    }),
  },
  fc.record({
    kind: fc.constant("outage" as const),
    ms: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 5 * DAY })),
  }),
  fc.record({
    kind: fc.constant("slot" as const),
    weekday: fc.integer({ min: 1, max: 7 }),
    hour: fc.integer({ min: 0, max: 23 }),
    zone: fc.constantFrom(...ZONES),
    every: fc.constantFrom(1, 1, 2, 4),
  }),
  fc.record({ kind: fc.constant("pause" as const), days: fc.option(fc.integer({ min: 1, max: 60 })) }),
  fc.record({
    kind: fc.constantFrom("resume", "skip", "undo", "leave", "sign_up_again"),
  }) as fc.Arbitrary<Event>,
  fc.record({
    kind: fc.constant("return" as const),
    every: fc.option(fc.constantFrom(2, 4)),
    days: fc.option(fc.integer({ min: 1, max: 30 })),
  }),
);

type Theme = { -readonly [Name in keyof LedgerTheme]: LedgerTheme[Name] } & { readonly acceptAt: number };
type Life = { is: Scheduled; ledger: Theme[]; last: Schedule | null; now: number; lateMs: number };

/** What is on its way is held when it is late, and accepted when the provider takes it. */
function deliver(life: Life): void {
  for (const theme of life.ledger.filter(({ state }) => state === "planned" || state === "held")) {
    if (theme.acceptAt <= life.now) {
      theme.state = "accepted";
      theme.arrivedAt = Math.max(theme.slotAt, theme.acceptAt);
    } else if (life.now - theme.slotAt > HELD_MS) theme.state = "held";
  }
  life.is = { ...life.is, lastAt: lastArrival(life.ledger) };
}

/** One tick of the planner at `now`, as sequences/plan-tick.ts does it. */
function tick(life: Life): void {
  deliver(life);
  const { is } = life;
  if (is.state === "paused" && is.resumeAt !== null && is.resumeAt <= life.now) {
    life.is = { ...is, state: "active", nextDueAt: is.resumeAt, resumeAt: null, pauseUntil: null };
  }
  const due = life.is;
  if (due.state !== "active" || due.nextDueAt === null || due.nextDueAt > life.now) return;
  const promised = comesAt(due);
  const decision = planTheme(
    {
      round: 1,
      slot: due,
      everyWeeks: due.everyWeeks,
      dueAt: due.nextDueAt,
      standing: {
        subscriber: "active",
        enrollment: "active",
        suppression: null,
        suppressedAt: null,
      },
    },
    life.ledger,
    STEPS,
    { now: life.now, lostUntil: 0 },
  );
  if (decision.kind === "plan") {
    const slotAt = due.nextDueAt;
    // What the pages said is what is done.
    expect(slotAt).toBe(promised);
    expect(slotAt - (due.lastAt ?? 0)).toBeGreaterThanOrEqual(gapMs(due.everyWeeks));
    const acceptAt = life.now + life.lateMs;
    const { stepId } = decision.step;
    life.ledger.push({ stepId, round: 1, slotAt, arrivedAt: slotAt, state: "planned", acceptAt });
    life.is = { ...due, nextDueAt: decision.nextDueAt };
    deliver(life);
  } else if (decision.kind === "complete") {
    life.is = { ...due, state: "completed", nextDueAt: null };
  } else {
    if (decision.kind === "defer" && life.ledger.every(({ state }) => state === "accepted"))
      expect(decision.nextDueAt).toBe(promised);
    life.is = { ...due, nextDueAt: decision.nextDueAt };
  }
}

function apply(life: Life, change: ScheduleChange | null, become: Schedule | null): void {
  if (become === null) return;
  const { is } = life;
  if (change !== null && is.state !== "stopped") life.last = is as Schedule;
  life.is = { ...is, ...become };
}

function happen(life: Life, what: Event): void {
  const { is, now } = life;
  const ask = (change: ScheduleChange) => apply(life, change, changedSchedule(is, change, now));
  const inDays = (days: number | null) => (days === null ? null : localDate(now, is.timeZone, days));
  switch (what.kind) {
    case "pass":
      for (const end = now + what.ms; life.now < end; ) {
        life.now = Math.min(end, life.now + 6 * HOUR);
        tick(life);
      }
      return;
    case "outage":
      life.lateMs = what.ms;
      return;
    case "slot":
      ask({
        kind: "slot",
        slot: { weekday: what.weekday, hour: what.hour, timeZone: what.zone },
        everyWeeks: what.every,
      });
      return;
    case "pause":
      ask({ kind: "pause", until: inDays(what.days) });
      return;
    case "resume":
      ask({ kind: "resume" });
      return;
    case "skip":
      ask({ kind: "skip", dueAt: is.nextDueAt ?? 0 });
      return;
    case "return":
      ask({ kind: "return", everyWeeks: what.every, pauseUntil: inDays(what.days) });
      return;
    case "undo":
      if (life.last === null || (is.state !== "active" && is.state !== "paused")) return;
      apply(life, null, restoredSchedule(is, life.last, now));
      return;
    case "leave":
      if (is.state !== "active" && is.state !== "paused") return;
      life.is = { ...is, state: "stopped", nextDueAt: null, resumeAt: null, pauseUntil: null };
      life.last = null;
      return;
    case "sign_up_again": {
      if (is.state !== "stopped") return;
      const nextDueAt = nextSlot(is, now + FIRST_THEME_AFTER_MS, is.lastAt, is.everyWeeks);
      life.is = { ...is, state: "active", nextDueAt };
    }
  }
}

test("no order of pausing, skipping, moving, leaving, coming back and outages brings two themes within six days, one twice, or loses one", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...ZONES),
      fc.array(event, { minLength: 5, maxLength: 40 }),
      (timeZone, events) => {
        const slot = { weekday: 2, hour: 9, timeZone };
        const life: Life = {
          now: START,
          last: null,
          lateMs: 0,
          ledger: [],
          is: {
            ...slot,
            state: "active",
            everyWeeks: 1,
            nextDueAt: nextSlot(slot, START + FIRST_THEME_AFTER_MS, null),
            notBefore: null,
            pauseUntil: null,
            resumeAt: null,
            lastAt: null,
            enrolledAt: START,
          },
        };
        for (const what of events) {
          happen(life, what);
          const { state, nextDueAt, resumeAt, pauseUntil, lastAt, everyWeeks } = life.is;
          // Whoever is to get letters waits for one, and nobody else does.
          expect(nextDueAt === null).toBe(state !== "active");
          if (state !== "paused") expect([resumeAt, pauseUntil]).toEqual([null, null]);
          else expect(resumeAt === null).toBe(pauseUntil === null);
          const next = comesAt(life.is);
          if (next !== null && lastAt !== null)
            expect(next - lastAt).toBeGreaterThanOrEqual(gapMs(everyWeeks));
        }
        // In the end everybody comes back and stays, and every outage is over.
        happen(life, { kind: "outage", ms: 0 });
        if (life.is.state === "stopped") happen(life, { kind: "return", every: null, days: null });
        happen(life, { kind: "resume" });
        for (let n = 0; n < 60; n += 1) happen(life, { kind: "pass", ms: 10 * DAY });
        life.ledger.slice(1).forEach(({ slotAt }, index) => {
          expect(slotAt - (life.ledger[index]?.arrivedAt ?? 0)).toBeGreaterThanOrEqual(gapMs(1));
        });
        expect(life.ledger.map(({ stepId }) => stepId)).toEqual(STEPS.map(({ stepId }) => stepId));
      },
    ),
    { numRuns: 2000 },
  );
});

const reader: Scheduled = {
  weekday: 2,
  hour: 9,
  timeZone: "Europe/Berlin",
  state: "active",
  everyWeeks: 1,
  nextDueAt: Date.UTC(2026, 11, 1, 8),
  notBefore: null,
  pauseUntil: null,
  resumeAt: null,
  lastAt: Date.UTC(2026, 10, 24, 8),
  enrolledAt: Date.UTC(2026, 10, 1),
};
const NOW = Date.UTC(2026, 10, 26, 12);

test("a skipped week stays skipped when the day is changed afterwards", () => {
  const skipped = changedSchedule(reader, { kind: "skip", dueAt: reader.nextDueAt ?? 0 }, NOW);
  expect(skipped?.nextDueAt).toBe(Date.UTC(2026, 11, 8, 8));
  const slot = { weekday: 5, hour: 9, timeZone: "Europe/Berlin" };
  const moved = changedSchedule({ ...reader, ...skipped }, { kind: "slot", slot, everyWeeks: 1 }, NOW);
  expect(moved?.nextDueAt).toBe(Date.UTC(2026, 11, 11, 8));
});

test("a pause of two weeks from a letter's day on leaves out one letter, and says so in dates", () => {
  const on = Date.UTC(2026, 10, 24, 10);
  const until = localDate(on, reader.timeZone, 14);
  const paused = changedSchedule(reader, { kind: "pause", until }, on);
  expect(paused).toMatchObject({ state: "paused", nextDueAt: null, pauseUntil: "2026-12-08" });
  if (paused === null) throw new Error("not paused");
  expect(datesOf({ ...paused, lastAt: reader.lastAt }, 2)).toEqual([
    Date.UTC(2026, 11, 8, 8),
    Date.UTC(2026, 11, 15, 8),
  ]);
});

test("fewer letters come at the pace that was chosen, reckoned from the last one", () => {
  const slot = { weekday: 2, hour: 9, timeZone: "Europe/Berlin" };
  const fewer = changedSchedule(reader, { kind: "slot", slot, everyWeeks: 4 }, NOW);
  if (fewer === null) throw new Error("not changed");
  expect(datesOf({ ...fewer, lastAt: reader.lastAt }, 2)).toEqual([
    Date.UTC(2026, 11, 22, 8),
    Date.UTC(2027, 0, 19, 8),
  ]);
});

test("after a letter that came two days late the page tells the date that keeps six days, and a skip counts from there", () => {
  const late = { ...reader, lastAt: Date.UTC(2026, 10, 26, 8) };
  expect(datesOf(late, 2)).toEqual([Date.UTC(2026, 11, 8, 8), Date.UTC(2026, 11, 15, 8)]);
  const skipped = changedSchedule(late, { kind: "skip", dueAt: late.nextDueAt ?? 0 }, NOW);
  expect(skipped?.nextDueAt).toBe(Date.UTC(2026, 11, 15, 8));
});
