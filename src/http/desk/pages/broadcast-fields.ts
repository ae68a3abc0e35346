import * as z from "zod";
import { HOLD_MINUTES } from "../../../domain/broadcasts/broadcast.ts";
import type { Broadcast } from "../../../domain/broadcasts/queries/broadcasts.ts";
import type { Segment } from "../../../domain/segments/segment.ts";
import { hourOfDate, isDate } from "../../../platform/calendar/slot.ts";
import { LANGUAGES } from "../../../platform/texts/languages.ts";
import type { Fields } from "../desk-page.ts";
import { readAudience } from "./audience-form.tsx";
import type { Unsaved } from "./broadcast-settings.tsx";

const settings = z.object({
  language: z.enum(LANGUAGES),
  from_name: z.string().trim().max(80),
  on_theme_days: z.enum(["move", "leave_out", "regardless"]),
  hold_minutes: z.coerce.number().int().min(HOLD_MINUTES.least).max(HOLD_MINUTES.most),
});

/** What a form says of a broadcast; or what's wrong with it, by the name of the field, with the audience as far as it's one. */
export function readSettings(
  fields: Fields,
  timeZone: string,
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
  | { readonly kind: "faulty"; readonly faults: Unsaved["faults"]; readonly segment: Segment | null } {
  const read = settings.safeParse(fields);
  const { whom = "" } = fields;
  const audience = whom === "" || whom === "segment" ? null : readAudience(fields);
  const segmentId = whom === "segment" ? Number(fields.segment_id) : null;
  const time = timeIn(fields, timeZone);
  const faults: Record<string, "field" | "whom" | "time"> = {};
  for (const { path } of read.error?.issues ?? []) faults[String(path[0])] = "field";
  if (audience === null && whom === "some") faults.whom = "whom";
  if (segmentId !== null && !(segmentId > 0)) faults.whom = "whom";
  if (time === "faulty") faults.time = "time";
  if (!read.success || time === "faulty" || faults.whom !== undefined)
    return { kind: "faulty", faults, segment: audience };
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
