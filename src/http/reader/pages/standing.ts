import type { EnrollmentView } from "../../../domain/sequences/queries/reader.ts";
import { comesAt, type Schedule } from "../../../domain/sequences/schedule.ts";
import { DAY_MS } from "../../../platform/calendar/durations.ts";
import { gapMs } from "../../../platform/calendar/slot.ts";
import { dateOf, moment } from "../../ui/date.tsx";
import { say } from "../../ui/say.ts";
import type { CardProps } from "./card-props.ts";

/** Whether the dates of a schedule can be told: not where it's known that they won't come true, nor without an end of a pause. */
export function datesHold({ enrollment, reader }: Pick<CardProps, "enrollment" | "reader">): boolean {
  return reader.suppression === null && enrollment.heldUp === null && comesAt(enrollment) !== null;
}

/** When the next letter of what goes on comes, in a sentence; or why that can't be told. */
export function standingOf(enrollment: EnrollmentView, reader: CardProps["reader"]): string {
  const { state, timeZone, pauseUntil, heldUp } = enrollment;
  const comes = comesAt(enrollment);
  if (isForGood(reader.suppression)) return say("standing.suppressed");
  if (state === "paused") {
    return comes === null || pauseUntil === null
      ? say("standing.paused")
      : say("standing.pausedUntil", {
          ...moment(comes, timeZone),
          until: dateOf(Date.parse(`${pauseUntil}T12:00Z`), "UTC"),
        });
  }
  if (reader.suppression !== null) return say("standing.suspended");
  if (heldUp === "open_letter")
    return say(enrollment.lacking === 0 ? "standing.heldUpLast" : "standing.heldUp");
  if (comes === null || heldUp === "draft") return say("standing.preparing");
  return say("standing.next", moment(comes, timeZone));
}

/** Whether mail to an address has stopped with no end of its own; the other reasons pass by themselves. */
function isForGood(suppression: CardProps["reader"]["suppression"]): boolean {
  return suppression !== null && suppression !== "soft" && suppression !== "quarantine";
}

/** That letters keep their distance, where that moves one past the slot at `first`. */
export function tooSoonSaid(first: number, { timeZone, everyWeeks }: Schedule): string {
  return say("changed.tooSoon", { date: dateOf(first, timeZone), days: gapMs(everyWeeks) / DAY_MS });
}
