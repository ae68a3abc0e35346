import { DAY_MS } from "../../platform/calendar/durations.ts";
import { EVERY_WEEKS, localDate } from "../../platform/calendar/slot.ts";
import { isOwnAct } from "../people/own-acts.ts";
import type { EnrollmentView, ReaderView } from "./queries/reader.ts";
import type { ScheduleChange } from "./schedule.ts";

/** An unsubscription can be taken back this long by the person who pressed; after that a new sign-up is needed. */
export const RETURN_MS = DAY_MS;

/** Whether this sequence was left by the reader within the last day: then they may say why, or take it back. */
export function leftByOwnHand(enrollment: Pick<EnrollmentView, "stopped">, now: number): boolean {
  const { stopped } = enrollment;
  return stopped !== null && isOwnAct(stopped.reason) && now - stopped.at < RETURN_MS;
}

/** Whether this enrollment was just left by the reader, who may take it back. */
export function mayReturn(
  reader: Pick<ReaderView, "state" | "suppression">,
  enrollment: Pick<EnrollmentView, "state" | "stopped" | "lacking">,
  now: number,
): boolean {
  return (
    enrollment.state === "stopped" &&
    enrollment.lacking > 0 &&
    leftByOwnHand(enrollment, now) &&
    reader.suppression === null &&
    (reader.state === "active" || reader.state === "unsubscribed")
  );
}

/** The ways back that the page offers after leaving. */
export const WAYS_BACK = ["as_before", "fewer", "pause"] as const;
export type WayBack = (typeof WAYS_BACK)[number];

const PAUSE_DAYS = 28;

/** The next rarer pace, in weeks; null where there is none. */
export function rarer(everyWeeks: number): number | null {
  return EVERY_WEEKS.find((weeks) => weeks > everyWeeks) ?? null;
}

/** What a way back means: every letter as before, the next rarer pace, or a pause of four weeks. */
export function wayBack(
  way: WayBack,
  was: { readonly everyWeeks: number; readonly timeZone: string },
  now: number,
): ScheduleChange {
  switch (way) {
    case "as_before":
      return { kind: "return", everyWeeks: null, pauseUntil: null };
    case "fewer":
      return { kind: "return", everyWeeks: rarer(was.everyWeeks), pauseUntil: null };
    case "pause":
      return { kind: "return", everyWeeks: null, pauseUntil: localDate(now, was.timeZone, PAUSE_DAYS) };
  }
}
