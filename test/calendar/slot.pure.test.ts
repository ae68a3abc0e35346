import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, test } from "vitest";
import { clockTime, hourName } from "../../src/platform/calendar/format.ts";
import { gapMs, nextSlot, type Slot, slotAfter, slotOnOrAfter } from "../../src/platform/calendar/slot.ts";
import { cityOf, findTimeZone, isTimeZone, timeZoneChoices } from "../../src/platform/calendar/time-zone.ts";

const ZONES = [...Intl.supportedValuesOf("timeZone"), "UTC"];
const TEN_YEARS = { min: Date.UTC(2024, 0, 1), max: Date.UTC(2034, 0, 1) };

const anySlot = fc.record({
  weekday: fc.integer({ min: 1, max: 7 }),
  hour: fc.integer({ min: 0, max: 23 }),
  timeZone: fc.constantFrom(...ZONES),
});
const anyInstant = fc.integer(TEN_YEARS);

const local = (at: number, zone: string) =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);

/** Whether the wall time of the slot exists on the local date of `at`. */
function inGap(slot: Slot, at: number): boolean {
  const day = local(at, slot.timeZone).toPlainDate();
  const wall = day.toPlainDateTime({ hour: slot.hour });
  return !wall.toZonedDateTime(slot.timeZone).toPlainDateTime().equals(wall);
}

describe("for any slot of any zone and any instant of ten years", () => {
  test("the next slot is not before the instant, within eight days, on its weekday, at its wall time outside DST gaps", () => {
    fc.assert(
      fc.property(anySlot, anyInstant, (slot, at) => {
        const next = slotOnOrAfter(slot, at);
        expect(next).toBeGreaterThanOrEqual(at);
        expect(next - at).toBeLessThan(8 * 24 * 3_600_000);
        const wall = local(next, slot.timeZone);
        expect(wall.dayOfWeek).toBe(slot.weekday);
        if (!inGap(slot, next)) expect([wall.hour, wall.minute, wall.second]).toEqual([slot.hour, 0, 0]);
      }),
      { numRuns: 4000 },
    );
  });

  test("slots follow each other a calendar week apart, always more than six days, through a whole year", () => {
    fc.assert(
      fc.property(anySlot, anyInstant, (slot, at) => {
        let before = slotOnOrAfter(slot, at);
        for (let week = 0; week < 53; week += 1) {
          const next = slotAfter(slot, before);
          expect(next - before).toBeGreaterThanOrEqual(gapMs(1));
          const days = local(before, slot.timeZone)
            .toPlainDate()
            .until(local(next, slot.timeZone).toPlainDate()).days;
          expect(days).toBe(7);
          before = next;
        }
      }),
      { numRuns: 300 },
    );
  });

  test("after a change of zone, day or hour the next theme keeps six days and comes within fourteen", () => {
    fc.assert(
      fc.property(anySlot, anySlot, anyInstant, (was, becomes, at) => {
        const last = slotOnOrAfter(was, at);
        const next = nextSlot(becomes, at, last);
        expect(next - last).toBeGreaterThanOrEqual(gapMs(1));
        expect(next - last).toBeLessThan(14 * 24 * 3_600_000);
      }),
      { numRuns: 2000 },
    );
  });
});

test.each([
  [
    "a gap moves the letter later by its length (Berlin)",
    "Europe/Berlin",
    7,
    2,
    "2026-03-29",
    "2026-03-29T03:00+02:00",
  ],
  [
    "a fold counts once, the first time (Berlin)",
    "Europe/Berlin",
    7,
    2,
    "2026-10-25",
    "2026-10-25T02:00+02:00",
  ],
  ["a gap (New York)", "America/New_York", 7, 2, "2026-03-08", "2026-03-08T03:00-04:00"],
  ["a fold (New York)", "America/New_York", 7, 1, "2026-11-01", "2026-11-01T01:00-04:00"],
  ["a half-hour gap (Lord Howe)", "Australia/Lord_Howe", 7, 2, "2026-10-04", "2026-10-04T02:30+11:00"],
  ["a half-hour fold (Lord Howe)", "Australia/Lord_Howe", 7, 1, "2026-04-05", "2026-04-05T01:00+11:00"],
  ["a gap at midnight (Cairo)", "Africa/Cairo", 5, 0, "2026-04-24", "2026-04-24T01:00+03:00"],
  ["a gap at midnight (Santiago)", "America/Santiago", 7, 0, "2026-09-06", "2026-09-06T01:00-03:00"],
  ["a quarter-hour offset (Kathmandu)", "Asia/Kathmandu", 2, 9, "2026-11-24", "2026-11-24T09:00+05:45"],
  ["the first day on earth (Kiritimati)", "Pacific/Kiritimati", 2, 9, "2026-11-24", "2026-11-24T09:00+14:00"],
  ["the last day on earth (Pago Pago)", "Pacific/Pago_Pago", 2, 9, "2026-11-24", "2026-11-24T09:00-11:00"],
])("%s", (_, timeZone, weekday, hour, date, expected) => {
  const startOfDay = Temporal.PlainDate.from(date).toZonedDateTime(timeZone).epochMilliseconds;
  const next = slotOnOrAfter({ weekday, hour, timeZone }, startOfDay);
  expect(next).toBe(Temporal.Instant.from(expected).epochMilliseconds);
});

test("a day that a zone leaves out moves one letter and no more (Samoa, 30 December 2011)", () => {
  const slot = { weekday: 5, hour: 9, timeZone: "Pacific/Apia" };
  const before = slotOnOrAfter(slot, Date.UTC(2011, 11, 23));
  const during = slotAfter(slot, before);
  const after = slotAfter(slot, during);
  expect(local(after, slot.timeZone).toPlainDate().toString()).toBe("2012-01-06");
  expect(after - during).toBeGreaterThanOrEqual(gapMs(1));
});

test("only IANA names are time zones", () => {
  expect(["Europe/Berlin", "UTC", "America/Argentina/Buenos_Aires", "Asia/Kathmandu"].every(isTimeZone)).toBe(
    true,
  );
  expect(
    ["", "+05:00", "Mars/Olympus", "Europe/Berlin ", "../etc", "<b>", "x".repeat(99)].some(isTimeZone),
  ).toBe(false);
});

test("the list of zones has each once, as it is spelt now, and the reader's own as it is stored", () => {
  const names = timeZoneChoices("Europe/Berlin");
  for (const zone of ["Asia/Kolkata", "Europe/Kyiv", "Asia/Kathmandu", "UTC", "Europe/Berlin"]) {
    expect(names).toContain(zone);
  }
  for (const zone of ["Asia/Calcutta", "Europe/Kiev", "Asia/Katmandu"]) expect(names).not.toContain(zone);
  expect(new Set(names).size).toBe(names.length);
  expect(names.every(isTimeZone)).toBe(true);
  const old = timeZoneChoices("Asia/Calcutta");
  expect([old.includes("Asia/Calcutta"), old.includes("Asia/Kolkata")]).toEqual([true, false]);
});

test("a zone is found by its city, however it's typed, and no two zones of the list share a city", () => {
  for (const [typed, zone] of [
    ["Berlin", "Europe/Berlin"],
    ["são  paulo", "America/Sao_Paulo"],
    ["BUENOS AIRES", "America/Argentina/Buenos_Aires"],
    ["Kiev", "Europe/Kyiv"],
    ["asia/calcutta", "Asia/Kolkata"],
    ["Port-au-Prince", "America/Port-au-Prince"],
    ["utc", "UTC"],
    ["Atlantis", null],
    ["", null],
    ["  ", null],
  ] as const) {
    expect(findTimeZone(typed, "Europe/Berlin"), typed).toBe(zone);
  }
  expect(findTimeZone("Calcutta", "Asia/Calcutta")).toBe("Asia/Calcutta");
  expect(findTimeZone("Kolkata", "Asia/Calcutta")).toBe("Asia/Calcutta");
  expect(findTimeZone("Kyiv", "Europe/Kiev")).toBe("Europe/Kiev");
  for (const zone of timeZoneChoices("Asia/Calcutta")) {
    expect(findTimeZone(cityOf(zone), "Asia/Calcutta"), zone).toBe(zone);
  }
});

test("hours are written as people write them", () => {
  const at = Date.UTC(2026, 10, 24, 8, 5);
  expect(
    [
      ["en", "Europe/Berlin"],
      ["en", "America/New_York"],
      ["de", "Europe/Berlin"],
      ["fr", "Europe/Paris"],
      ["es", "America/Mexico_City"],
      ["pt", "Europe/Lisbon"],
      ["ar", "Asia/Dubai"],
    ].map(([language = "", zone = ""]) => clockTime(at, zone, language).replaceAll("\u00a0", " ")),
  ).toEqual(["9:05", "3:05 am", "9:05", "9 h 05", "2:05", "8:05", "12:05 م"]);
  expect([0, 9, 18].map((hour) => hourName(hour, "en", "Europe/Berlin"))).toEqual(["00:00", "9:00", "18:00"]);
  expect(hourName(9, "fr", "Europe/Paris")).toBe("9\u00a0h");
});
