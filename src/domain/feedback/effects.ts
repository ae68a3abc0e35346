import { type Suppression, suppressionFor } from "../people/suppression.ts";
import { isStorm, suspends } from "./bounce-policy.ts";
import type { LetterEvent } from "./read-event.ts";

/** What an event comes to, besides its own record. */
export type FeedbackEffects = {
  readonly suppression: Suppression | null;
  /** Stops everything that the person gets, as the reason given. */
  readonly stop: "complaint" | "bounce" | null;
  /** Lifts a suspension for soft bounces that are older than this delivery. */
  readonly delivered: boolean;
  /** Counts against the run. */
  readonly countAs: "bounced" | "complained" | "failed" | null;
  readonly countHardBounce: boolean;
  /** As what it shows that the person didn't want the letter, or isn't there. */
  readonly unwanted: "bounced" | "complained" | null;
};

/** What an event comes to: the suppression policy (rules 6.26 to 6.30) as a pure decision. */
export function effectsOf(
  event: LetterEvent,
  history: {
    readonly softBouncesAt: readonly number[];
    readonly lastDeliveredAt: number | null;
    readonly hardToday: number;
    readonly busiestBefore: number;
    readonly confirmedAt: number | null;
  },
): FeedbackEffects {
  // Rule 3.24: someone who has confirmed since is not sent away by an old report, unless it is a complaint.
  const outdated = event.at < (history.confirmedAt ?? 0);
  const none: FeedbackEffects = {
    suppression: null,
    stop: null,
    delivered: false,
    countAs: null,
    countHardBounce: false,
    unwanted: null,
  };
  switch (event.kind) {
    case "sent":
    case "delayed":
      return none;
    case "failed":
      return { ...none, countAs: "failed" };
    case "delivered":
      return { ...none, delivered: true };
    case "complained":
      return {
        ...none,
        suppression: suppressionFor("complaint", event.at),
        stop: outdated ? null : "complaint",
        countAs: "complained",
        unwanted: "complained",
      };
    case "suppressed": {
      const reason = event.mirrored ?? "bounce";
      if (outdated) return none;
      return { ...none, suppression: suppressionFor(reason, event.at), stop: reason };
    }
    case "bounced":
      break;
  }
  switch (event.bounceClass) {
    case "hard": {
      const storm = isStorm(history.hardToday + 1, history.busiestBefore);
      return {
        ...none,
        suppression: outdated ? null : suppressionFor(storm ? "quarantine" : "bounce", event.at),
        stop: storm || outdated ? null : "bounce",
        countAs: "bounced",
        countHardBounce: true,
        unwanted: "bounced",
      };
    }
    case "about_us":
      return { ...none, countAs: "bounced" };
    case "soft":
    case null:
      return suspends([...history.softBouncesAt, event.at], history.lastDeliveredAt)
        ? { ...none, suppression: suppressionFor("soft", event.at) }
        : none;
  }
}
