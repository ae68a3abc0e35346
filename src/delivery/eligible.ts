/** The kinds of delivery of the ledger. */
export type DeliveryKind = "confirmation" | "welcome" | "theme";

/** Where a person stands, as the primary database says it right now. */
export type Standing = {
  readonly subscriber: "pending" | "active" | "unsubscribed";
  /** The consent that a confirmation asks for. */
  readonly consent: "pending" | "confirmed" | null;
  /** The enrollment that a welcome or theme belongs to. */
  readonly enrollment: "active" | "paused" | "stopped" | "completed" | null;
};

export type IneligibleReason = "already_confirmed" | "not_confirmed" | "unsubscribed" | "paused" | "stopped";
export type Eligibility =
  | { readonly kind: "eligible" }
  | { readonly kind: "ineligible"; readonly reason: IneligibleReason };

/**
 * The one answer to "may this be mailed now?", asked when a delivery is planned and again just before each provider
 * call. A confirmation needs a pending consent; everything else an active subscriber; a theme also an enrollment that
 * is neither paused nor stopped.
 */
export function eligible(kind: DeliveryKind, standing: Standing): Eligibility {
  switch (kind) {
    case "confirmation":
      return standing.consent === "pending" ? { kind: "eligible" } : ineligible("already_confirmed");
    case "welcome":
      return activeSubscriber(standing);
    case "theme":
      if (standing.enrollment === "paused") return ineligible("paused");
      if (standing.subscriber === "active" && standing.enrollment === "stopped") return ineligible("stopped");
      return activeSubscriber(standing);
  }
}

function activeSubscriber(standing: Standing): Eligibility {
  switch (standing.subscriber) {
    case "active":
      return { kind: "eligible" };
    case "pending":
      return ineligible("not_confirmed");
    case "unsubscribed":
      return ineligible("unsubscribed");
  }
}

function ineligible(reason: IneligibleReason): Eligibility {
  return { kind: "ineligible", reason };
}
