/** Stable names of what the log tells; docs/OPERATIONS.md says what to do about each. */
export type EventName =
  | "tick.done"
  | "batch.done"
  | "batch.later"
  | "batch.crashed"
  | "queue.unreadable_message";

/** One JSON line. Fields are ids, counts and names of faults; never addresses, names of people or tokens. */
export function logEvent(
  event: EventName,
  fields: Readonly<Record<string, string | number | boolean>>,
): void {
  console.log(JSON.stringify({ event, ...fields }));
}
