import type { Slot } from "../../platform/calendar/slot.ts";
import { type LedgerTheme, lastArrival } from "../ledger/ledger-theme.ts";
import { isDisarmed } from "../restore/is-disarmed.ts";
import { nextStep, type PlanStep, renditionFor } from "../sequences/plan-theme.ts";
import type { Enrolled } from "../sequences/queries/enroll.ts";
import { readSequencePlans } from "../sequences/queries/sequences.ts";
import { readThemes } from "../sequences/queries/themes.ts";
import { beginning } from "../sequences/schedule.ts";
import type { Services } from "../services.ts";
import type { Site } from "../site/site.ts";
import { confirmedWindows } from "./gate/budgets.ts";
import { domainHash } from "./gate/domain-hash.ts";
import { type ConsentView, confirmConsent, readConsent } from "./queries/confirm-consent.ts";

/** The steps of the consent's sequence as they are published, and what the reader had of them. */
type Position = {
  readonly steps: ReadonlyArray<PlanStep & { readonly version: number }>;
  readonly ledger: readonly LedgerTheme[];
};

/**
 * What confirming would give: the reader's own slot where they have been here before, else the sequence's, else the site's; and the
 * first theme at once where the sequence says so, unless one came too lately, is on its way, or isn't published.
 */
export function enrolledOnConfirming(
  consent: ConsentView,
  site: Pick<Site, "slot">,
  { steps, ledger }: Position,
  now: number,
): Enrolled {
  const { settings, enrollment } = consent;
  const slot: Slot = enrollment ?? { ...(settings.slot ?? site.slot), timeZone: consent.timeZone };
  const everyWeeks = enrollment?.everyWeeks ?? settings.everyWeeks;
  const lastAt = lastArrival(ledger);
  const { nextDueAt, mayBeAtOnce, afterwards } = beginning(slot, everyWeeks, lastAt, now);
  const open = ledger.some(({ state }) => state === "planned" || state === "held");
  const next = nextStep(enrollment?.round ?? 1, ledger, steps);
  const step = steps.find(({ stepId }) => stepId === next?.stepId);
  const atOnce =
    settings.firstLetter === "at_once" && mayBeAtOnce && !open && step?.status === "published"
      ? {
          stepId: step.stepId,
          renditionId: renditionFor(
            step,
            consent.answer === "" ? (enrollment?.answer ?? "") : consent.answer,
          ),
          version: step.version,
          nextDueAt: afterwards,
        }
      : null;
  return { slot, everyWeeks, nextDueAt, atOnce };
}

/** What `enrolledOnConfirming` needs to know of the sequence. */
export async function readPosition(
  db: Services["db"],
  { enrollment, sequenceId }: Pick<ConsentView, "enrollment" | "sequenceId">,
): Promise<Position> {
  const steps = (await readSequencePlans(db)).filter((step) => step.sequenceId === sequenceId);
  return { steps, ledger: enrollment === null ? [] : await readThemes(db, enrollment.enrollmentId) };
}

/** What a confirmation came to: where the person stands, and whether a welcome and a first theme wait to be sent. */
export type Confirmed = {
  readonly consent: ConsentView;
  readonly welcomed: boolean;
  readonly begun: boolean;
};

/**
 * Confirms a sign-up, once: activates the subscriber, enrolls them and plans the welcome, and the first theme where it comes at once, in
 * one batch. A repeat changes nothing. Null where the consent no longer exists, `closed` while the database is being recovered.
 */
export async function confirmSignUp(
  deps: Pick<Services, "db" | "config" | "guard" | "now" | "wallNow" | "random">,
  site: Site,
  consentId: number,
): Promise<Confirmed | "closed" | null> {
  const { disarmed, growth } = await isDisarmed(deps);
  if (disarmed) return "closed";
  const before = await readConsent(deps.db, consentId);
  if (before === null) return null;
  if (before.confirmedAt !== null) return { consent: before, welcomed: false, begun: false };
  const position = await readPosition(deps.db, before);
  const planned = await confirmConsent(deps.db, {
    consentId,
    growth,
    confirmationId: deps.random(),
    enrolled: enrolledOnConfirming(before, site, position, deps.now),
    goesOn: goesOn(before, position),
    windows: confirmedWindows(await domainHash(deps.config, domainOf(before.address)), deps.now),
    now: deps.now,
  });
  const consent = await readConsent(deps.db, consentId);
  return consent === null ? null : { consent, ...planned };
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf("@") + 1);
}

/** Whether a reader who comes back has a published theme ahead of them. */
function goesOn({ enrollment }: ConsentView, { steps, ledger }: Position): boolean {
  if (enrollment?.state !== "stopped") return false;
  return nextStep(enrollment.round, ledger, steps)?.status === "published";
}
