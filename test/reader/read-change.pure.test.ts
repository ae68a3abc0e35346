import { expect, test } from "vitest";
import type { EnrollmentView, ReaderView } from "../../src/domain/sequences/queries/reader.ts";
import type { ScheduleChange } from "../../src/domain/sequences/schedule.ts";
import { readChange } from "../../src/http/reader/read-change.ts";
import { FIRST_NAME, NO_LINKS } from "../../src/platform/texts/reader-fields.ts";
import { say } from "../../src/platform/texts/texts.ts";

// In Berlin it is the 24th, on Kiritimati the 25th already.
const NOW = Date.UTC(2026, 10, 24, 12);
const question = { choices: [{ block: "teenager" }] };
const BERLIN = {
  enrollmentId: 7,
  timeZone: "Europe/Berlin",
  everyWeeks: 2,
  question,
  answer: "",
} as unknown as EnrollmentView;
const KIRITIMATI = {
  enrollmentId: 8,
  timeZone: "Pacific/Kiritimati",
  everyWeeks: 1,
  question: null,
  answer: "",
} as EnrollmentView;
const RARE = { ...BERLIN, enrollmentId: 9, everyWeeks: 4 };
const reader = { language: "en", enrollments: [BERLIN, KIRITIMATI, RARE] as const } as unknown as ReaderView;

type Fields = Readonly<Record<string, string>>;
const press = (fields: Fields, enrollment = "7") =>
  readChange({ seen: "3", enrollment, ...fields }, reader, NOW);
const change = (what: object) => ({ kind: "change", seen: 3, change: what });
const schedule = (what: ScheduleChange, enrollmentId = 7) =>
  change({ kind: "schedule", enrollmentId, change: what });
const pause = (until: string | null) => ({ kind: "pause", until }) as const;
const comeBack = (everyWeeks: number | null, pauseUntil: string | null = null) =>
  ({ kind: "return", everyWeeks, pauseUntil }) as const;
const fault = (field: string, word: Parameters<typeof say>[0], enrollmentId: number | null = 7) => ({
  kind: "faulty",
  enrollmentId,
  field,
  text: say(word),
});
const UNKNOWN = fault("page", "fault.unknownButton", null);

const SLOT = { weekday: "5", hour: "18", time_zone: "Asia/Kathmandu" };
const slot = { weekday: 5, hour: 18, timeZone: "Asia/Kathmandu" };
const changed = (everyWeeks: number) => ({ kind: "slot", slot, everyWeeks }) as const;
const personal = (firstName: string, answer: string) =>
  change({
    kind: "personal",
    become: {
      firstName,
      answers: [
        { enrollmentId: 7, answer },
        { enrollmentId: 8, answer: "" },
        { enrollmentId: 9, answer: "" },
      ],
    },
  });

/** Every press of the page, and what it is read as. */
const PRESSES: ReadonlyArray<readonly [string, Fields, object]> = [
  ["another slot and pace", { action: "slot", ...SLOT, every_weeks: "4" }, schedule(changed(4))],
  ["another slot at the same pace", { action: "slot", ...SLOT }, schedule(changed(2))],
  [
    "a look at the dates first",
    { action: "preview", ...SLOT, every_weeks: "1" },
    { kind: "preview", enrollment: BERLIN, change: changed(1) },
  ],
  ["a pause without an end", { action: "pause", pause: "open" }, schedule(pause(null))],
  ["a pause of two weeks", { action: "pause", pause: "2" }, schedule(pause("2026-12-08"))],
  ["a pause of four weeks", { action: "pause", pause: "4" }, schedule(pause("2026-12-22"))],
  ["a pause of eight weeks", { action: "pause", pause: "8" }, schedule(pause("2027-01-19"))],
  ["a pause until a day", { action: "pause_until", until: "2026-12-24" }, schedule(pause("2026-12-24"))],
  ["the end of a pause", { action: "resume" }, schedule({ kind: "resume" })],
  ["one letter less", { action: "skip", due: String(NOW) }, schedule({ kind: "skip", dueAt: NOW })],
  ["everything as before", { action: "return_as_before" }, schedule(comeBack(null))],
  ["fewer letters instead of none", { action: "return_fewer" }, schedule(comeBack(4))],
  ["a pause instead of leaving", { action: "return_pause" }, schedule(comeBack(null, "2026-12-22"))],
  ["leaving", { action: "unsubscribe" }, { kind: "unsubscribe", what: 7 }],
  ["taking a change back", { action: "undo", change: "12" }, change({ kind: "undo", changeId: 12 })],
  [
    "a name and an answer",
    { action: "personal", first_name: " Grace\u202e ", answer_7: "teenager" },
    personal("Grace", "teenager"),
  ],
  ["no name and an unknown answer", { action: "personal", answer_7: "ancient" }, personal("", "")],
];

test.each(PRESSES)("a reader can ask for %s", (_, fields, expected) => {
  expect(press(fields)).toEqual(expected);
});

test.each(PRESSES)("without the revision that the page showed nobody gets %s", (_, fields) => {
  expect(readChange({ enrollment: "7", ...fields }, reader, NOW)).toEqual(UNKNOWN);
  for (const seen of ["", "x", "-1", "1.5", "1e3", "1".repeat(16)]) {
    expect(press({ ...fields, seen }), seen).toEqual(UNKNOWN);
  }
});

test.each<[string, Fields]>([
  ["no action", {}],
  ["an unknown action", { action: "explode" }],
  ["an unknown way back", { action: "return_never" }],
  ["a pause of no length", { action: "pause" }],
  ["a pause of a length that is not offered", { action: "pause", pause: "3" }],
  ["no letter to skip", { action: "skip" }],
  ["a letter to skip that is no instant", { action: "skip", due: "soon" }],
  ["no change to take back", { action: "undo" }],
  ["a change to take back that cannot be", { action: "undo", change: "0" }],
  ["no sequence", { action: "resume", enrollment: "" }],
  ["a sequence that cannot be", { action: "unsubscribe", enrollment: "7 or 8" }],
])("a press with %s is not guessed at", (_, fields) => {
  expect(press(fields)).toEqual(UNKNOWN);
});

test.each([
  ["weekday", ["0", "8", "", "2.5"]],
  ["hour", ["24", "-1", "", "9:00"]],
  ["every_weeks", ["3", "0", ""]],
])("what is in no list for %s is asked for again", (field, values) => {
  for (const action of ["slot", "preview"]) {
    for (const value of values) {
      expect(press({ action, ...SLOT, [field]: value }), value).toEqual(fault("slot", "fault.slot"));
    }
  }
});

test("a place that no zone is named for is asked for again, with one that is as an example", () => {
  for (const action of ["slot", "preview"]) {
    for (const value of ["Mars/Olympus", "+05:00", "", "Berlin, Germany".repeat(9)]) {
      expect(press({ action, ...SLOT, time_zone: value }), value).toEqual({
        ...fault("slot", "fault.slot"),
        field: "time_zone",
        text: say("fault.zone", { city: "Berlin" }),
      });
    }
  }
});

test("every weekday and every hour can be chosen", () => {
  for (let hour = 0; hour < 24; hour += 1) {
    const weekday = (hour % 7) + 1;
    const typed = { ...SLOT, weekday: String(weekday), hour: String(hour) };
    const wanted = { ...changed(2), slot: { ...slot, weekday, hour } };
    expect(press({ action: "slot", ...typed })).toEqual(schedule(wanted));
    expect(press({ action: "preview", ...typed })).toMatchObject({ kind: "preview", change: wanted });
  }
});

test.each([
  ["Berlin", "2026-11-24", "fault.datePast"],
  ["Berlin", "2026-11-25", "taken"],
  ["Kiritimati", "2026-11-25", "fault.datePast"],
  ["Kiritimati", "2026-11-26", "taken"],
  ["Berlin", "2028-11-24", "taken"],
  ["Berlin", "2028-11-25", "fault.dateFar"],
  ["Kiritimati", "2028-11-25", "taken"],
  ["Kiritimati", "2028-11-26", "fault.dateFar"],
  ["Berlin", "", "fault.dateMissing"],
  ["Berlin", "24.12.2026", "fault.dateMissing"],
  ["Berlin", "2027-02-29", "fault.dateMissing"],
] as const)("in %s a pause until %j: %s", (where, until, word) => {
  const id = where === "Berlin" ? 7 : 8;
  const expected = word === "taken" ? schedule(pause(until), id) : fault("until", word, id);
  expect(press({ action: "pause_until", until }, String(id))).toEqual(expected);
});

test("a pause until no day at all is asked for one", () => {
  expect(press({ action: "pause_until" })).toEqual(fault("until", "fault.dateMissing"));
});

test("a pause is counted from the day that it is where the reader lives", () => {
  expect(press({ action: "pause", pause: "2" }, "8")).toEqual(schedule(pause("2026-12-09"), 8));
  expect(press({ action: "return_pause" }, "8")).toEqual(schedule(comeBack(null, "2026-12-23"), 8));
});

test("fewer letters means the next rarer pace, and the rarest stays", () => {
  const fewer = (id: number) => press({ action: "return_fewer" }, String(id));
  expect(fewer(8)).toEqual(schedule(comeBack(2), 8));
  expect(fewer(7)).toEqual(schedule(comeBack(4), 7));
  expect(fewer(9)).toEqual(schedule(comeBack(null), 9));
});

test("a first name has forty characters at most, whatever they are, and is no address of the web", () => {
  const named = (first_name: string) => press({ action: "personal", first_name });
  expect(named("𝒶".repeat(40))).toEqual(personal("𝒶".repeat(40), ""));
  const refused = { ...UNKNOWN, field: "first_name" };
  expect(named("𝒶".repeat(41))).toEqual({ ...refused, text: FIRST_NAME.fault.en });
  expect(named("evil.com")).toEqual({ ...refused, text: NO_LINKS.en });
});

test("someone else's sequence is read like one that is gone, and no preview tells of it", () => {
  for (const action of ["slot", "preview"]) {
    expect(press({ action, ...SLOT }, "99")).toEqual(schedule(changed(1), 99));
  }
  expect(press({ action: "pause", pause: "2" }, "99")).toEqual(schedule(pause("2026-12-08"), 99));
  expect(press({ action: "return_fewer" }, "99")).toEqual(schedule(comeBack(2), 99));
  expect(press({ action: "unsubscribe" }, "99")).toEqual({ kind: "unsubscribe", what: 99 });
});
