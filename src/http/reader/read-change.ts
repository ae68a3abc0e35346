import * as z from "zod";
import { readName } from "../../domain/people/read-name.ts";
import type { ReaderChange } from "../../domain/sequences/change-reader.ts";
import { WAYS_BACK, wayBack } from "../../domain/sequences/leaving.ts";
import type { EnrollmentView, ReaderView } from "../../domain/sequences/queries/reader.ts";
import type { ScheduleChange } from "../../domain/sequences/schedule.ts";
import { EVERY_WEEKS, isDate, localDate } from "../../platform/calendar/slot.ts";
import { cityOf, findTimeZone } from "../../platform/calendar/time-zone.ts";
import { inLanguage } from "../../platform/texts/languages.ts";
import { FIRST_NAME, NO_LINKS } from "../../platform/texts/reader-fields.ts";
import { say } from "../../platform/texts/texts.ts";
import type { Typed } from "./pages/card-props.ts";

/** How many weeks a pause may be chosen for. */
export const PAUSE_WEEKS = [2, 4, 8] as const;

/** A pause ends within two years, or when the reader comes back. */
const PAUSE_DAYS_MAX = 731;

const slotFields = z.object({
  weekday: z
    .string()
    .regex(/^[1-7]$/)
    .transform(Number),
  hour: z
    .string()
    .regex(/^(1?\d|2[0-3])$/)
    .transform(Number),
  every_weeks: z.enum(EVERY_WEEKS.map(String)).transform(Number).optional(),
});

const revision = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);
const id = z
  .string()
  .regex(/^[1-9]\d{0,14}$/)
  .transform(Number);

/** A post of the preferences page, read. */
export type Reading =
  | { readonly kind: "change"; readonly seen: number; readonly change: ReaderChange }
  /** Only to be shown, with the dates that it would lead to. */
  | { readonly kind: "preview"; readonly enrollment: EnrollmentView; readonly change: ScheduleChange }
  | { readonly kind: "unsubscribe"; readonly what: number | "broadcasts" }
  /** What cannot be taken as it is; `enrollmentId` names the form that it came from. */
  | {
      readonly kind: "faulty";
      readonly enrollmentId: number | null;
      readonly field: NonNullable<Typed["fault"]>["field"];
      readonly text: string;
    };

/** Reads a post against the reader it comes from. A post without the revision that its page showed is not one of our page's. */
export function readChange(
  fields: Readonly<Record<string, string>>,
  reader: ReaderView,
  now: number,
): Reading {
  const { language } = reader;
  const seen = revision.safeParse(fields.seen);
  const unknown: Reading = {
    kind: "faulty",
    enrollmentId: null,
    field: "page",
    text: say("fault.unknownButton", {}, language),
  };
  if (!seen.success) return unknown;
  const change = (what: ReaderChange): Reading => ({ kind: "change", seen: seen.data, change: what });
  if (fields.action === "stop_broadcasts") return { kind: "unsubscribe", what: "broadcasts" };
  if (fields.action === "personal") return readPersonal(fields, reader, change);
  if (fields.action === "undo") {
    const changeId = id.safeParse(fields.change);
    return changeId.success ? change({ kind: "undo", changeId: changeId.data }) : unknown;
  }
  const enrollmentId = id.safeParse(fields.enrollment);
  const own = reader.enrollments.find((view) => view.enrollmentId === enrollmentId.data);
  if (!enrollmentId.success) return unknown;
  // Someone else's is answered like one that is gone.
  const enrollment = own ?? null;
  const schedule = (what: ScheduleChange): Reading =>
    change({ kind: "schedule", enrollmentId: enrollmentId.data, change: what });
  const zone = enrollment?.timeZone ?? "UTC";
  const faulty = (field: "slot" | "time_zone" | "until", text: string): Reading => ({
    kind: "faulty",
    enrollmentId: enrollmentId.data,
    field,
    text,
  });
  switch (fields.action) {
    case "slot":
    case "preview": {
      const slot = slotFields.safeParse(fields);
      if (!slot.success) return faulty("slot", say("fault.slot", {}, language));
      const timeZone = findTimeZone(fields.time_zone ?? "", zone);
      if (timeZone === null) return faulty("time_zone", say("fault.zone", { city: cityOf(zone) }, language));
      const { weekday, hour, every_weeks } = slot.data;
      const everyWeeks = every_weeks ?? enrollment?.everyWeeks ?? 1;
      const wanted: ScheduleChange = { kind: "slot", slot: { weekday, hour, timeZone }, everyWeeks };
      if (fields.action === "slot" || enrollment === null) return schedule(wanted);
      return { kind: "preview", enrollment, change: wanted };
    }
    case "pause": {
      if (fields.pause === "open") return schedule({ kind: "pause", until: null });
      const weeks = PAUSE_WEEKS.find((choice) => String(choice) === fields.pause);
      if (weeks === undefined) return unknown;
      return schedule({ kind: "pause", until: localDate(now, zone, weeks * 7) });
    }
    case "pause_until": {
      const until = fields.until ?? "";
      if (!isDate(until)) return faulty("until", say("fault.dateMissing", {}, language));
      if (until <= localDate(now, zone)) return faulty("until", say("fault.datePast", {}, language));
      if (until > localDate(now, zone, PAUSE_DAYS_MAX))
        return faulty("until", say("fault.dateFar", {}, language));
      return schedule({ kind: "pause", until });
    }
    case "resume":
      return schedule({ kind: "resume" });
    case "skip": {
      const dueAt = id.safeParse(fields.due);
      return dueAt.success ? schedule({ kind: "skip", dueAt: dueAt.data }) : unknown;
    }
    case "unsubscribe":
      return { kind: "unsubscribe", what: enrollmentId.data };
    default: {
      const way = WAYS_BACK.find((choice) => `return_${choice}` === fields.action);
      if (way === undefined) return unknown;
      return schedule(wayBack(way, enrollment ?? { everyWeeks: 1, timeZone: zone }, now));
    }
  }
}

function readPersonal(
  fields: Readonly<Record<string, string>>,
  { firstName, language, enrollments }: Pick<ReaderView, "firstName" | "language" | "enrollments">,
  change: (what: ReaderChange) => Reading,
): Reading {
  const typed = fields.first_name ?? "";
  // A name from before a rule of today stays, while it isn't touched.
  const name =
    typed === firstName
      ? { kind: "valid" as const, value: typed }
      : readName(typed, FIRST_NAME.charactersMax);
  if (name.kind === "faulty") {
    const words = name.fault === "too_long" ? FIRST_NAME.fault : NO_LINKS;
    return { kind: "faulty", enrollmentId: null, field: "first_name", text: inLanguage(words, language) };
  }
  const answers = enrollments.map(({ enrollmentId, question, answer }) => {
    const typed = fields[`answer_${enrollmentId}`];
    const chosen = question?.choices.find(({ block }) => block === typed)?.block ?? "";
    return { enrollmentId, answer: typed === undefined ? answer : chosen };
  });
  return change({ kind: "personal", become: { firstName: name.value, answers } });
}
