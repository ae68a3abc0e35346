import * as z from "zod";
import { HOLD_MINUTES } from "../../../domain/broadcasts/broadcast.ts";
import type { Broadcast } from "../../../domain/broadcasts/queries/broadcasts.ts";
import { EVERYONE_WHO_AGREED, type Segment } from "../../../domain/segments/segment.ts";
import { hourOfDate, isDate } from "../../../platform/calendar/slot.ts";
import { LANGUAGES } from "../../../platform/texts/languages.ts";
import type { Fields } from "../desk-page.ts";
import { readRows } from "./audience-form.tsx";
import type { Unsaved } from "./broadcast-settings.tsx";

const settings = z.object({
  language: z.enum(LANGUAGES),
  from_name: z.string().trim().max(80),
  on_theme_days: z.enum(["move", "leave_out", "regardless"]),
  hold_minutes: z.coerce.number().int().min(HOLD_MINUTES.least).max(HOLD_MINUTES.most),
});

/** What a form says of a broadcast whose audience is `current`; or what's wrong with it, by the name of the field. */
export function readSettings(
  fields: Fields,
  timeZone: string,
  current: Segment | null,
):
  | {
      readonly kind: "read";
      readonly become: Pick<
        Broadcast,
        | "language"
        | "fromName"
        | "onThemeDays"
        | "holdMinutes"
        | "audience"
        | "segmentId"
        | "time"
        | "isPublic"
      >;
    }
  | { readonly kind: "faulty"; readonly faults: Unsaved["faults"] } {
  const read = settings.safeParse(fields);
  const { whom = "" } = fields;
  const rows = readRows(fields);
  const own = whom === "some" && rows !== "faulty" ? rows : null;
  const audience = whom === "everyone" ? EVERYONE_WHO_AGREED : own;
  // Conditions that someone has just filled in are never left out without a word.
  const strays = whom !== "some" && rows !== null && JSON.stringify(rows) !== JSON.stringify(current);
  const segmentId = whom === "segment" ? Number(fields.segment_id) : null;
  const time = timeIn(fields, timeZone);
  const faults: Record<string, Unsaved["faults"][string]> = {};
  for (const { path } of read.error?.issues ?? []) faults[String(path[0])] = "field";
  if (audience === null && whom === "some") faults.whom = "whom";
  if (segmentId !== null && !(segmentId > 0)) faults.whom = "whom";
  if (strays) faults.whom = "rows";
  if (time === "faulty") faults.time = "time";
  if (!read.success || time === "faulty" || faults.whom !== undefined) return { kind: "faulty", faults };
  const isPublic = fields.is_public === "1";
  const { language, from_name: fromName, on_theme_days: onThemeDays, hold_minutes: holdMinutes } = read.data;
  return {
    kind: "read",
    become: { language, fromName, onThemeDays, holdMinutes, audience, segmentId, time, isPublic },
  };
}

function timeIn(fields: Fields, timeZone: string): Broadcast["time"] | "faulty" {
  const { time, date = "" } = fields;
  const hour = Number(fields.hour);
  const isWhole = Number.isInteger(hour) && hour >= 0 && hour < 24;
  if (time === "now") return { kind: "now" };
  if (time !== "at" && time !== "clock") return null;
  if (!isDate(date) || !isWhole) return "faulty";
  if (time === "at") return { kind: "at", at: hourOfDate(date, hour, timeZone) };
  return { kind: "clock", date, hour, passed: fields.passed === "today" ? "today" : "tomorrow" };
}
