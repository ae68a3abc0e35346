/** Stable names of what the log tells; docs/operations/when-something-is-wrong.md says what to do about each (a test compares). */
export const EVENT_NAMES = [
  "tick.done",
  "batch.done",
  "batch.later",
  "alerts.not_mailed",
  "alerts.not_told",
  "alerts.told",
  "provider.outage",
  "batch.halved",
  "batch.crashed",
  "queue.unreadable_message",
  "queue.dead_letter",
  "run.stopped",
  "sending.stopped",
  "sending.resumed",
  "guard.disarmed",
  "guard.armed",
  "letters.reconciled",
  "feedback.parked",
  "feedback.bad_signature",
  "feedback.unreadable",
  "feedback.about_us",
  "feedback.bounce_storm",
  "broadcast.not_noted",
  "desk.wrong_token",
  "mailbox.start_over",
] as const;

export type EventName = (typeof EVENT_NAMES)[number];

/** One JSON line. Fields are ids, counts and names of faults; never addresses, names of people or tokens. */
export function logEvent(
  event: EventName,
  fields: Readonly<Record<string, string | number | boolean | null>>,
): void {
  console.log(JSON.stringify({ event, ...fields }));
}
