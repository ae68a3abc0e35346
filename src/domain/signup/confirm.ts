import { FIRST_THEME_AFTER_MS, nextSlot, type Slot } from "../../platform/calendar/slot.ts";
import { isDisarmed } from "../restore/is-disarmed.ts";
import { nextStep } from "../sequences/plan-theme.ts";
import { readSequencePlans } from "../sequences/queries/sequences.ts";
import { readThemes } from "../sequences/queries/themes.ts";
import type { Services } from "../services.ts";
import { confirmedWindows } from "./gate/budgets.ts";
import { domainHash } from "./gate/domain-hash.ts";
import { type ConsentView, confirmConsent, readConsent } from "./queries/confirm-consent.ts";

/** The slot that confirming now would give: the reader's own where they have been here before, else the default. */
export function slotOnConfirming(
  consent: ConsentView,
  defaultSlot: Slot,
  now: number,
): { slot: Slot; nextDueAt: number } {
  const slot: Slot = consent.enrollment ?? { ...defaultSlot, timeZone: consent.timeZone };
  const { lastAt = null, everyWeeks = 1 } = consent.enrollment ?? {};
  const nextDueAt = nextSlot(slot, now + FIRST_THEME_AFTER_MS, lastAt, everyWeeks);
  return { slot, nextDueAt };
}

/**
 * Confirms a sign-up, once: activates the subscriber, enrolls them and queues the welcome, in one batch. A repeat
 * changes nothing. Returns where the person stands afterwards, and whether a welcome waits to
 * be sent; null where the consent no longer exists, `closed` while the database is being recovered.
 */
export async function confirmSignUp(
  deps: Pick<Services, "db" | "config" | "guard" | "now" | "wallNow" | "random">,
  consentId: number,
): Promise<{ readonly consent: ConsentView; readonly welcomed: boolean } | "closed" | null> {
  const { disarmed, growth } = await isDisarmed(deps);
  if (disarmed) return "closed";
  const before = await readConsent(deps.db, consentId);
  if (before === null) return null;
  if (before.confirmedAt !== null) return { consent: before, welcomed: false };
  const { slot, nextDueAt } = slotOnConfirming(before, deps.config.defaultSlot, deps.now);
  const welcomed = await confirmConsent(deps.db, {
    consentId,
    growth,
    confirmationId: deps.random(),
    slot,
    nextDueAt,
    goesOn: await goesOn(deps.db, before),
    windows: confirmedWindows(await domainHash(deps.config, domainOf(before.address)), deps.now),
    now: deps.now,
  });
  const consent = await readConsent(deps.db, consentId);
  return consent === null ? null : { consent, welcomed };
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf("@") + 1);
}

/** Whether someone who comes back has a published theme ahead of them. */
async function goesOn(db: Services["db"], { enrollment, sequenceId }: ConsentView): Promise<boolean> {
  if (enrollment?.state !== "stopped") return false;
  const { enrollmentId, round } = enrollment;
  const steps = (await readSequencePlans(db)).filter((step) => step.sequenceId === sequenceId);
  return nextStep(round, await readThemes(db, enrollmentId), steps)?.status === "published";
}
