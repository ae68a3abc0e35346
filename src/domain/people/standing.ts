import type { Eligibility } from "../ledger/kind.ts";
import type { SubscriberState } from "./subscriber-state.ts";
import type { SuppressionReason } from "./suppression.ts";

/** Where a person stands, as the primary database says it right now. */
export type Standing = {
  readonly subscriber: SubscriberState;
  /** What is in force on the suppression list, and since when. */
  readonly suppression: SuppressionReason | null;
  readonly suppressedAt: number | null;
};

export const ELIGIBLE: Eligibility = { kind: "eligible" };

/** What a kind answers of a delivery that may not be mailed now, with the reason that its ledger row gets. */
export function ineligible(reason: string): Eligibility {
  return { kind: "ineligible", reason };
}

/** Whether a reader may be mailed what they signed up for: active, and nothing in force against the address. */
export function mayGetLetters({ subscriber, suppression }: Standing): Eligibility {
  switch (subscriber) {
    case "active":
      return suppression === null ? ELIGIBLE : ineligible("suppressed");
    case "pending":
      return ineligible("not_confirmed");
    case "unsubscribed":
      return ineligible("unsubscribed");
    case "erased":
      return ineligible("erased");
  }
}

/** Whether a suppression leaves room for mail that the person has just asked for on a page of theirs. */
export function mayBeWrittenTo(suppression: SuppressionReason | null): boolean {
  return suppression === null || suppression === "soft" || suppression === "quarantine";
}
