import { FIRST_THEME_AFTER_MS, nextSlot, type Slot } from "../calendar/slot.ts";
import type { Db } from "../db/client.ts";
import { type EnrollmentView, readReader, rescheduleEnrollment } from "./queries.ts";

/** What a reader asks for on the preferences page. */
export type ScheduleChange =
  | { readonly kind: "slot"; readonly slot: Slot }
  | { readonly kind: "pause" }
  | { readonly kind: "resume" };

/** Where the enrollment ends up; null where the change does not apply to its state (a stopped one cannot be paused). */
function changedSchedule(
  enrollment: EnrollmentView,
  change: ScheduleChange,
  now: number,
): { readonly state: "active" | "paused"; readonly slot: Slot; readonly nextDueAt: number | null } | null {
  const { state, weekday, hour, timeZone, lastSlotAt } = enrollment;
  if (state !== "active" && state !== "paused") return null;
  const slot = change.kind === "slot" ? change.slot : { weekday, hour, timeZone };
  const goesOn = change.kind === "resume" || (change.kind === "slot" && state === "active");
  if (!goesOn) return { state: "paused", slot, nextDueAt: null };
  // A slot that has come and waits for its tick is not the reader's to lose: its letter is planned late.
  if (enrollment.nextDueAt !== null && enrollment.nextDueAt <= now) {
    return { state: "active", slot, nextDueAt: enrollment.nextDueAt };
  }
  const notBefore = lastSlotAt === null ? Math.max(now, enrollment.enrolledAt + FIRST_THEME_AFTER_MS) : now;
  return { state: "active", slot, nextDueAt: nextSlot(slot, notBefore, lastSlotAt) };
}

const TRIES_MAX = 5;

/**
 * Changes the slot, pauses or resumes. After a change the next theme comes in the first new slot that is six days from
 * the last one; nothing is made up for a pause. Repeating it gives the same. `not_possible` where the enrollment is not
 * the subscriber's, or is stopped or completed.
 */
export async function reschedule(
  deps: { readonly db: Db; readonly now: number },
  subscriberId: number,
  enrollmentId: number,
  change: ScheduleChange,
): Promise<"changed" | "not_possible"> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const reader = await readReader(deps.db, subscriberId);
    const enrollment = reader?.enrollments.find((own) => own.enrollmentId === enrollmentId);
    const become = enrollment === undefined ? null : changedSchedule(enrollment, change, deps.now);
    if (enrollment === undefined || become === null) return "not_possible";
    if (await rescheduleEnrollment(deps.db, enrollment, become)) return "changed";
  }
  throw new Error("an enrollment changed under five readings in a row");
}
