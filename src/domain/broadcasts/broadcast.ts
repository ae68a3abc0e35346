import { HOUR_MS } from "../../platform/calendar/durations.ts";
import { BROADCAST_STATES, type BroadcastTime, ON_THEME_DAYS } from "../../platform/db/schema/index.ts";

export { BROADCAST_STATES, type BroadcastTime, ON_THEME_DAYS };

/** What a broadcast can be. */
export type BroadcastState = (typeof BROADCAST_STATES)[number];

/** One that should have been locked longer ago than this is held: nobody sends old news by itself. */
export const LATE_LOCK_MS = 48 * HOUR_MS;

/** Why those of a stopped broadcast didn't get it, in the ledger; and why its run is stopped. */
export const STOPPED = "stopped";
export const STOPPED_RUN = "broadcast_stopped";
/** Why the run of one that's held is. */
export const HELD_RUN = "broadcast_held";

/** How long a hold may last. */
export const HOLD_MINUTES = { least: 0, usual: 10, most: 60 } as const;

/** Above so many people their number is typed; also above three times the usual. */
export const TYPED_ABOVE = 1000;
const UNUSUAL = 3;

/** Whether someone types the number of people before it's scheduled. `usual` is how many the last ones went to; null for none. */
export function isTyped(people: number, usual: number | null): boolean {
  return people > TYPED_ABOVE || (usual !== null && usual > 0 && people > UNUSUAL * usual);
}

/** What a broadcast says can be changed while nobody has it, and between a stop and going on. */
export function isWritable({
  state,
  endedAt,
}: {
  readonly state: BroadcastState;
  readonly endedAt: number | null;
}): boolean {
  return state === "draft" || (state === "stopped" && endedAt !== null);
}
