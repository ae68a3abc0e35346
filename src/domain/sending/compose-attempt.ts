import { HOUR_MS } from "../../platform/calendar/durations.ts";
import type { MessageFrame, PinnedMember } from "../../platform/db/schema/index.ts";
import { isUnknown } from "../ledger/attempt-outcome.ts";
import type { Member } from "../ledger/kind.ts";
import type { StoredAttempt } from "../ledger/queries/claims.ts";
import type { Settled } from "../ledger/settled.ts";
import type { Permission } from "../restore/ask-guard.ts";

/** What becomes of a claimed batch before any call. `settled` is what can be written at once. */
export type AttemptPlan =
  /** Call with these members; `frame` is null at the first attempt. */
  | {
      readonly kind: "call";
      readonly frame: MessageFrame | null;
      readonly send: readonly PinnedMember[];
      readonly settled: readonly Settled[];
    }
  /** No call now; the batch stays open. */
  | { readonly kind: "wait"; readonly why: string; readonly settled: readonly Settled[] }
  /** Nothing left to call for: the batch is done. */
  | { readonly kind: "close"; readonly why: string; readonly settled: readonly Settled[] };

/** The provider forgets a key after 24 h (resend.com/docs/dashboard/emails/idempotency-keys); no attempt ends later than this. */
export const KEY_LIFE_MS = 23 * HOUR_MS;
/** A provider call is ended after this long; its outcome is then unknown. */
export const CALL_TIMEOUT_MS = 30_000;

/**
 * Who is in the next call for a batch: its planned members who are eligible now, as they were pinned by the first
 * attempt that called for them. Nobody is given up while an earlier attempt of unknown outcome may have reached them, and no attempt is made
 * that could end after the provider forgot the key. A letter that certainly did not go out in time is held.
 */
export function composeAttempt(
  members: readonly Member[],
  earlier: readonly StoredAttempt[],
  at: {
    readonly now: number;
    readonly wallNow: number;
    readonly permission: Permission;
    readonly lastOutcome: string | null;
  },
): AttemptPlan {
  const unknown = earlier.find((attempt) => isUnknown(attempt.outcome));
  if (unknown !== undefined && at.wallNow + CALL_TIMEOUT_MS > unknown.startedAt + KEY_LIFE_MS) {
    const settled = members.map(
      ({ pinned: { id } }): Settled => ({ id, state: "uncertain", reason: "no_answer" }),
    );
    return { kind: "close", why: "expired", settled };
  }
  const pinned = pinnedBy(earlier);
  const send: PinnedMember[] = [];
  const leftOut: Settled[] = [];
  const held: Settled[] = [];
  for (const member of members) {
    const { eligibility, pinned: own } = member;
    if (eligibility.kind === "ineligible") {
      leftOut.push({ id: own.id, state: "skipped", reason: eligibility.reason });
    } else if (unknown === undefined && at.now - member.fromAt > member.lateAfterMs) {
      held.push({ id: own.id, state: "held", reason: heldReason(at.permission, at.lastOutcome) });
    } else send.push(pinned.get(own.id) ?? own);
  }
  const settled = unknown === undefined ? [...leftOut, ...held] : [];
  if (send.length === 0 && unknown === undefined) return { kind: "close", why: "nobody_to_send", settled };
  if (send.length === 0) return { kind: "wait", why: "nobody_eligible", settled };
  if (at.permission.kind === "withheld") return { kind: "wait", why: at.permission.why, settled };
  return { kind: "call", frame: earlier[0]?.frame ?? null, send, settled };
}

/** Each member as the first attempt that called for it has pinned it, by id. */
export function pinnedBy(earlier: readonly StoredAttempt[]): ReadonlyMap<number, PinnedMember> {
  return new Map(
    earlier
      .toReversed()
      .flatMap(({ members }) => members)
      .map((member) => [member.id, member]),
  );
}

function heldReason(permission: Permission, lastOutcome: string | null): string {
  if (permission.kind === "withheld") return permission.why;
  return lastOutcome?.includes("quota") ? "quota" : "late";
}
