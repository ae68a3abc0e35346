import { DAY_MS, WEEK_MS } from "../../platform/calendar/durations.ts";

/** Why an address is not mailed; the strongest first. */
export const STRONGEST_FIRST = ["erased", "complaint", "owner", "bounce", "quarantine", "soft"] as const;
export type SuppressionReason = (typeof STRONGEST_FIRST)[number];

/** A hard bounce keeps even confirmations away this long; then one is allowed (rule 3.25). */
export const BOUNCE_COOLING_MS = 30 * DAY_MS;
/** Soft bounces in three weeks running suspend an address this long (rule 6.27). */
const SOFT_SUSPENSION_MS = 30 * DAY_MS;
/** Addresses caught in a storm of bounces at their receiver wait this long (rule 6.28). */
const QUARANTINE_MS = WEEK_MS;

/** A suppression in force at `now`: what is recorded and when it ends by itself (null: never). */
export type Suppression = {
  readonly reason: SuppressionReason;
  readonly at: number;
  readonly until: number | null;
};

/** The suppression that an event at `at` asks for. */
export function suppressionFor(reason: SuppressionReason, at: number): Suppression {
  const lasting = { soft: SOFT_SUSPENSION_MS, quarantine: QUARANTINE_MS }[reason as string];
  return { reason, at, until: lasting === undefined ? null : at + lasting };
}
