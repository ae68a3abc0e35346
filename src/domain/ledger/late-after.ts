import { HOUR_MS } from "../../platform/calendar/durations.ts";

/** How long after its slot a letter may still leave, or be planned; after that it is missed (rule 6.07). */
export const LATE_AFTER_MS = 48 * HOUR_MS;
