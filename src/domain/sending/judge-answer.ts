import type { ProviderAnswer } from "../../platform/providers/mail-provider.ts";
import { isUnknown } from "../ledger/attempt-outcome.ts";
import { matchAnswer } from "./match-answer.ts";

/** A call as it was made, and what came before it under the same key. */
export type CallMade = {
  /** Delivery ids in call order. */
  readonly members: readonly number[];
  /** Outcomes of the batch's earlier attempts. */
  readonly earlier: readonly (string | null)[];
};

/** What an answer means for the batch. Every answer means exactly one of these. */
export type Verdict =
  /** The call was taken. Whoever of the batch is in neither list was not in it, and now never will be. */
  | {
      readonly kind: "settled";
      readonly accepted: ReadonlyArray<{ readonly id: number; readonly providerId: string }>;
      readonly failed: ReadonlyArray<{ readonly id: number; readonly reason: string }>;
    }
  /** The call was taken, but nobody can say for whom: wait for webhooks, ask the provider, and count as sent. */
  | { readonly kind: "uncertain"; readonly reason: string }
  /** Perhaps taken: again later, same key, same bytes for whoever is still eligible. */
  | { readonly kind: "unknown"; readonly cause: string }
  /** The key belongs to an earlier attempt with other members: ask with its payload, which sends nothing. */
  | { readonly kind: "spent" }
  /** Certainly not taken; wait as told. */
  | { readonly kind: "rate"; readonly afterMs: number }
  /** Certainly not taken; nothing will be until the quota begins anew. */
  | { readonly kind: "quota"; readonly quota: "daily" | "monthly" }
  /** Certainly not taken, and no call will be before the owner mends something: fails no letter. */
  | { readonly kind: "configuration"; readonly name: string }
  /** Certainly never taken, for the sake of a letter in it: halve under new keys until that letter stands alone. */
  | { readonly kind: "halve"; readonly name: string }
  /** That letter. */
  | { readonly kind: "refused_letter"; readonly id: number; readonly reason: string };

/** Refusals that no letter is to blame for (resend.com/docs/api-reference/errors), whatever their status. */
const CONFIGURATION_NAMES = new Set([
  "missing_api_key",
  "restricted_api_key",
  "invalid_api_key",
  "invalid_from_address",
  "invalid_access",
  "invalid_region",
  "invalid_idempotency_key",
  "not_found",
  "method_not_allowed",
  "security_error",
]);
const CONFIGURATION_STATUSES = new Set([401, 402, 403, 404, 405, 451]);

const RATE_WAIT_MS = 1000;

/**
 * The Send table of the delivery protocol (docs/ARCHITECTURE.md), over every answer. A batch with an attempt of unknown
 * outcome is never halved, and its letters never fail: what the provider refuses now it may have taken then.
 */
export function judgeAnswer(call: CallMade, answer: ProviderAnswer): Verdict {
  switch (answer.kind) {
    case "accepted": {
      const matched = matchAnswer(call.members, answer);
      if (matched.kind === "mismatched") return { kind: "uncertain", reason: "answer_mismatch" };
      return { kind: "settled", accepted: matched.accepted, failed: matched.failed };
    }
    case "unanswered":
      return { kind: "unknown", cause: answer.cause };
    case "refused":
      return judgeRefusal(call, answer);
  }
}

function judgeRefusal(call: CallMade, refusal: Extract<ProviderAnswer, { kind: "refused" }>): Verdict {
  const { status, name } = refusal;
  if (name === "invalid_idempotent_request") return { kind: "spent" };
  if (name === "daily_quota_exceeded") return { kind: "quota", quota: "daily" };
  if (name === "monthly_quota_exceeded") return { kind: "quota", quota: "monthly" };
  if (status === 429) {
    const seconds = refusal.retryAfterSeconds;
    return { kind: "rate", afterMs: seconds === null ? RATE_WAIT_MS : seconds * 1000 };
  }
  // Another 409 than the documented ones, or a failure of theirs: nothing says that it was not taken.
  if (status === 409 || status === 408 || status >= 500) return { kind: "unknown", cause: name };
  if (CONFIGURATION_NAMES.has(name) || CONFIGURATION_STATUSES.has(status))
    return { kind: "configuration", name };
  if (call.earlier.some(isUnknown)) return { kind: "unknown", cause: `${status}:${name}` };
  const [only, ...others] = call.members;
  if (only === undefined || others.length > 0) return { kind: "halve", name };
  return { kind: "refused_letter", id: only, reason: `refused: ${name}` };
}
