import { DAY_MS } from "../../platform/calendar/durations.ts";
import type { JournalSpan } from "../../platform/db/read-marks.ts";
import { logEvent } from "../../platform/log/log-event.ts";
import { raiseAlert } from "../../platform/log/queries.ts";
import { findLetter } from "../ledger/queries/feedback.ts";
import { journalOptOuts, showGrowth } from "../people/journal.ts";
import { checkRun } from "../sending/check-run.ts";
import type { Services } from "../services.ts";
import { effectsOf, type FeedbackEffects } from "./effects.ts";
import { isTaken, parkEvent, readHistory, readUnparkable, writeFeedback } from "./queries/events.ts";
import { type LetterEvent, mirroredBy } from "./read-event.ts";

type FeedbackDeps = Pick<Services, "db" | "config" | "guard" | "kinds" | "now" | "by" | "wallNow">;

/** Parked events are kept as long as the Guard's journal: until then a restored ledger may learn of their letters. */
const PARKED_MS = 35 * DAY_MS;
const UNPARK_MAX = 25;

/**
 * Takes one verified event, at most once whatever its repeats and its place among the others. `parked` where the letter is
 * not known: it is tried again by the ticks.
 */
export async function takeFeedback(
  deps: FeedbackDeps,
  svixId: string,
  event: LetterEvent,
): Promise<"taken" | "repeated" | "parked"> {
  const meta = { svixId, now: deps.now };
  if (event.kind !== "sent" && event.kind !== "delivered" && (await isTaken(deps.db, svixId)))
    return "repeated";
  const letter = await findLetter(deps.db, deps.kinds, event);
  if (letter === null) {
    await parkEvent(deps.db, event, meta);
    logEvent("feedback.parked", { deliveryId: event.deliveryId, kind: event.kind });
    return "parked";
  }
  const { subscriber } = letter;
  const history =
    event.kind === "bounced" && subscriber !== null
      ? await readHistory(deps.db, subscriber.id, event)
      : { softBouncesAt: [], lastDeliveredAt: null, hardToday: 0, busiestBefore: 0 };
  const effects = effectsOf(event, { ...history, confirmedAt: subscriber?.confirmedAt ?? null });
  const journaled = subscriber === null ? null : await tellGuardFirst(deps, subscriber.addressHash, effects);
  await writeFeedback(deps.db, deps.kinds, letter, event, effects, { ...meta, journaled });
  await tellOwner(deps, letter.runId, event, effects);
  return "taken";
}

/** A database restored in the next moment still learns of a lasting suppression. */
async function tellGuardFirst(
  { guard, wallNow }: FeedbackDeps,
  addressHash: string,
  { suppression }: FeedbackEffects,
): Promise<JournalSpan | null> {
  if (suppression === null || suppression.until !== null) return null;
  const { reason, at } = suppression;
  return guard
    .journal([{ addressHash, kind: "suppressed", sequenceId: null, reason, at }], wallNow())
    .catch(() => null);
}

async function tellOwner(
  deps: FeedbackDeps,
  runId: number | null,
  event: LetterEvent,
  effects: FeedbackEffects,
): Promise<void> {
  const { now } = deps;
  if (effects.stop !== null) {
    await journalOptOuts(deps).catch(() => 0);
    await showGrowth(deps);
  }
  if (event.bounceClass === "about_us") {
    const detail = `${event.domain}: ${event.reason}`;
    logEvent("feedback.about_us", { deliveryId: event.deliveryId, domain: event.domain, code: event.reason });
    await raiseAlert(deps.db, { name: "feedback.about_us", detail, now });
  }
  if (effects.suppression?.reason === "quarantine") {
    logEvent("feedback.bounce_storm", { domain: event.domain });
    await raiseAlert(deps.db, { name: "feedback.bounce_storm", detail: event.domain, now });
  }
  if (event.kind === "failed") {
    await raiseAlert(deps.db, { name: "feedback.failed", detail: event.reason, now });
  }
  if (effects.countAs !== null && runId !== null) await checkRun(deps, runId);
}

/** Takes parked events whose letters are known by now, and forgets those that are too old. Returns how many were taken. */
export async function unparkFeedback(deps: FeedbackDeps): Promise<number> {
  const parked = await readUnparkable(deps.db, deps.now - PARKED_MS, UNPARK_MAX);
  for (const { svixId, ...event } of parked) {
    await takeFeedback(deps, svixId, { ...event, mirrored: mirroredBy(event.kind, event.reason) });
  }
  return parked.length;
}
