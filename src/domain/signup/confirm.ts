import { FIRST_THEME_AFTER_MS, nextSlot, type Slot } from "../../platform/calendar/slot.ts";
import type { Services } from "../../platform/services.ts";
import { isDisarmed } from "../restore/is-disarmed.ts";
import { type ConsentView, confirmConsent, readConsent } from "./queries/confirm-consent.ts";

/** The slot that confirming now would give: the reader's own where they have been here before, else the default. */
export function slotOnConfirming(
  consent: ConsentView,
  defaultSlot: Slot,
  now: number,
): { slot: Slot; nextDueAt: number } {
  const slot: Slot = consent.enrollment ?? { ...defaultSlot, timeZone: consent.timeZone };
  const { lastSlotAt = null, everyWeeks = 1 } = consent.enrollment ?? {};
  const nextDueAt = nextSlot(slot, now + FIRST_THEME_AFTER_MS, lastSlotAt, everyWeeks);
  return { slot, nextDueAt };
}

/**
 * Confirms a sign-up, once: activates the subscriber, enrolls them and queues the welcome, in one batch. A repeat
 * changes nothing. Returns where the person stands afterwards, and the welcome's batch to put on the confirmations lane
 * (null where there is none); null where the consent no longer exists, `closed` while the database is being recovered.
 */
export async function confirmSignUp(
  deps: Pick<Services, "db" | "config" | "guard" | "now" | "wallNow" | "random">,
  consentId: number,
): Promise<{ readonly consent: ConsentView; readonly welcomeBatchId: number | null } | "closed" | null> {
  const { disarmed, growth } = await isDisarmed(deps);
  if (disarmed) return "closed";
  const before = await readConsent(deps.db, consentId);
  if (before === null) return null;
  if (before.confirmedAt !== null) return { consent: before, welcomeBatchId: null };
  const { slot, nextDueAt } = slotOnConfirming(before, deps.config.defaultSlot, deps.now);
  const welcomeBatchId = await confirmConsent(deps.db, {
    consentId,
    growth,
    confirmationId: deps.random(),
    slot,
    nextDueAt,
    key: deps.random(),
    now: deps.now,
    wallNow: deps.wallNow(),
  });
  const consent = await readConsent(deps.db, consentId);
  return consent === null ? null : { consent, welcomeBatchId };
}
