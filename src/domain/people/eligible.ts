import type { SubscriberState } from "./subscriber-state.ts";
import { BOUNCE_COOLING_MS, type SuppressionReason } from "./suppression.ts";

/** The kinds of delivery of the ledger; a repeat is mailed as what it repeats. */
export type DeliveryKind = "confirmation" | "welcome" | "theme" | "notice";

/** Where a person stands, as the primary database says it right now. */
export type Standing = {
  readonly subscriber: SubscriberState;
  /** The consent that a confirmation asks for. */
  readonly consent: "pending" | "confirmed" | "denied" | null;
  /** The erasure that a notice asks to confirm. */
  readonly erasure: "asked" | "confirmed" | null;
  /** When a confirmation or notice was asked for. */
  readonly requestedAt: number | null;
  /** The enrollment that a welcome or theme belongs to. */
  readonly enrollment: "active" | "paused" | "stopped" | "completed" | null;
  /** What is in force on the suppression list, and since when. */
  readonly suppression: SuppressionReason | null;
  readonly suppressedAt: number | null;
};

export type IneligibleReason =
  | "already_confirmed"
  | "denied"
  | "erased"
  | "not_confirmed"
  | "unsubscribed"
  | "paused"
  | "stopped"
  | "suppressed";
export type Eligibility =
  | { readonly kind: "eligible" }
  | { readonly kind: "ineligible"; readonly reason: IneligibleReason };

/**
 * The one answer to "may this be mailed now?", asked when a delivery is planned and again just before each provider
 * call. A confirmation needs a pending consent and no complaint (after a hard bounce, one asked for once the cooling time was over); everything
 * else an active, unsuppressed subscriber; a theme also an enrollment that is neither paused nor stopped. A notice is what
 * somebody asked for on their own page (the link that erases them), so it goes to whoever may be written to at all.
 */
export function eligible(kind: DeliveryKind, standing: Standing): Eligibility {
  if (standing.subscriber === "erased") return ineligible("erased");
  switch (kind) {
    case "confirmation":
      if (standing.consent === "denied") return ineligible("denied");
      if (standing.consent !== "pending") return ineligible("already_confirmed");
      return mayConfirm(standing) ? { kind: "eligible" } : ineligible("suppressed");
    case "notice":
      if (standing.erasure !== "asked") return ineligible("already_confirmed");
      return mayBeWrittenTo(standing.suppression) ? { kind: "eligible" } : ineligible("suppressed");
    case "welcome":
      return activeSubscriber(standing);
    case "theme":
      if (standing.enrollment === "paused") return ineligible("paused");
      if (standing.subscriber === "active" && standing.enrollment === "stopped") return ineligible("stopped");
      return activeSubscriber(standing);
  }
}

function mayConfirm({ suppression, suppressedAt, requestedAt }: Standing): boolean {
  switch (suppression) {
    case null:
    case "soft":
    case "quarantine":
      return true;
    case "bounce":
      return (requestedAt ?? 0) >= (suppressedAt ?? 0) + BOUNCE_COOLING_MS;
    case "complaint":
    case "owner":
    case "erased":
      return false;
  }
}

/** Whether a suppression leaves room for mail that the person has just asked for on a page of theirs. */
export function mayBeWrittenTo(suppression: SuppressionReason | null): boolean {
  return suppression === null || suppression === "soft" || suppression === "quarantine";
}

function activeSubscriber(standing: Standing): Eligibility {
  switch (standing.subscriber) {
    case "active":
      return standing.suppression === null ? { kind: "eligible" } : ineligible("suppressed");
    case "pending":
      return ineligible("not_confirmed");
    case "unsubscribed":
      return ineligible("unsubscribed");
    case "erased":
      return ineligible("erased");
  }
}

function ineligible(reason: IneligibleReason): Eligibility {
  return { kind: "ineligible", reason };
}
