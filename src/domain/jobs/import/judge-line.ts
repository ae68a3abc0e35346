import type { SubscriberState } from "../../people/subscriber-state.ts";
import type { SuppressionReason } from "../../people/suppression.ts";
import type { LineReading, StopReason } from "./read-line.ts";

/** What a file is imported for: to stop all who stand in it, or to ask those who still want mail, and stop those who left. */
export const INTENTS = ["stop", "ask"] as const;
export type Intent = (typeof INTENTS)[number];

/** How someone stands here before a line of theirs is looked at; null for nobody we know. */
export type Known = {
  readonly state: SubscriberState | null;
  readonly suppression: SuppressionReason | null;
};

/** What a line comes to. */
export type Judged =
  | { readonly kind: "ask" }
  /** They have a place here: that ends. */
  | { readonly kind: "unsubscribe" }
  | { readonly kind: "suppress"; readonly reason: Exclude<StopReason, "unsubscribed" | "erased"> }
  | { readonly kind: "same" }
  /** They left, were suppressed or erased here: an import changes nothing about that. */
  | { readonly kind: "kept" }
  | { readonly kind: "left_out" };

const FORBID: readonly SuppressionReason[] = ["erased", "complaint", "owner"];

/**
 * What a line comes to. States only become stricter: erased, suppressed, unsubscribed, pending, active. The same function tells the dry run's
 * numbers and what the import does.
 */
export function judgeLine(
  line: Exclude<LineReading, { kind: "unusable" }>,
  intent: Intent,
  known: Known,
): Judged {
  const { state, suppression } = known;
  if (state === "erased" || suppression === "erased") return { kind: "kept" };
  if (intent === "stop") return stop(line.kind === "stop" ? line.reason : "owner", known, true);
  switch (line.kind) {
    case "left_out":
      return { kind: "left_out" };
    case "stop":
      return stop(line.reason, known, false);
    case "wants":
      if (suppression !== null && suppression !== "soft" && suppression !== "quarantine")
        return { kind: "kept" };
      if (state === "unsubscribed") return { kind: "kept" };
      return state === null ? { kind: "ask" } : { kind: "same" };
  }
}

function stop(reason: StopReason, { state, suppression }: Known, whoever: boolean): Judged {
  if (
    suppression !== null &&
    FORBID.includes(suppression) &&
    (reason !== "complaint" || suppression === "complaint")
  )
    return { kind: "same" };
  if (reason === "bounce") return suppression === "bounce" ? { kind: "same" } : { kind: "suppress", reason };
  if (reason === "complaint") return { kind: "suppress", reason };
  // Who only left, and is known here, leaves here, too; that they never get anything again isn't what they said.
  if (reason === "unsubscribed" && !whoever) {
    if (state === "unsubscribed") return { kind: "same" };
    if (state === "active") return { kind: "unsubscribe" };
  }
  return { kind: "suppress", reason: "owner" };
}

/** A line of a file with what comes of it. */
export type JudgedLine = {
  readonly line: number;
  readonly reading: Exclude<LineReading, { kind: "unusable" }>;
  readonly hash: string;
  readonly judged: Judged;
};
