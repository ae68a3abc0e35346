import { isUnknown } from "../ledger/attempt-outcome.ts";
import { type DeliveryKind, eligible, type Standing } from "../people/eligible.ts";
import type { Permission } from "../restore/ask-guard.ts";
import { CATCH_UP_MS } from "../sequences/plan-theme.ts";
import type { MessageFrame } from "./message-frame.ts";

/** A planned delivery of a batch with the person's present standing. */
export type Member = Standing & {
  readonly id: number;
  /** As what it is mailed. */
  readonly kind: DeliveryKind;
  readonly anchor: number;
  /** Under what it is in the ledger; differs from `kind` and `anchor` where the owner sends a letter again. */
  readonly ledgerKind: DeliveryKind | "repeat";
  readonly ledgerAnchor: number;
  readonly round: number;
  readonly item: number;
  /** Its slot, or when it was released: 48 hours from here it is held. */
  readonly slotAt: number;
  readonly fromAt: number;
  readonly renditionId: number;
  readonly subscriberId: number;
  readonly address: string;
  readonly addressHash: string;
  readonly firstName: string;
  readonly nextDueAt: number | null;
  readonly timeZone: string | null;
  /** Null for a notice, which belongs to no sequence. */
  readonly sequenceSlug: string | null;
  readonly sequenceTitle: string | null;
  readonly stepSlug: string | null;
};

/** What is pinned at a batch's first attempt, so that every repeat of the call has the same bytes. */
export type PinnedMember = Omit<Member, Exclude<keyof Standing, "requestedAt"> | "fromAt" | "addressHash">;

/** An attempt as it was stored. */
export type StoredAttempt = {
  readonly frame: MessageFrame;
  readonly members: readonly PinnedMember[];
  readonly startedAt: number;
  readonly outcome: string | null;
};

/** A delivery that ends without being sent. */
export type Settled = {
  readonly id: number;
  readonly state: "skipped" | "failed" | "held" | "uncertain";
  readonly reason: string;
};

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
export const KEY_LIFE_MS = 23 * 3_600_000;
/** A provider call is ended after this long; its outcome is then unknown. */
export const CALL_TIMEOUT_MS = 30_000;

/**
 * Who is in the next call for a batch: its planned members who are eligible now, as they were pinned by the first
 * attempt. Nobody is given up while an earlier attempt of unknown outcome may have reached them, and no attempt is made
 * that could end after the provider forgot the key. A letter that certainly did not go out within 48 hours is held.
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
    const settled = members.map(({ id }): Settled => ({ id, state: "uncertain", reason: "no_answer" }));
    return { kind: "close", why: "expired", settled };
  }
  const pinned = new Map((earlier[0]?.members ?? []).map((member) => [member.id, member]));
  const send: PinnedMember[] = [];
  const leftOut: Settled[] = [];
  const held: Settled[] = [];
  for (const member of members) {
    const eligibility = eligible(member.kind, member);
    if (eligibility.kind === "ineligible") {
      leftOut.push({ id: member.id, state: "skipped", reason: eligibility.reason });
    } else if (unknown === undefined && at.now - member.fromAt > CATCH_UP_MS) {
      held.push({ id: member.id, state: "held", reason: heldReason(at.permission, at.lastOutcome) });
    } else send.push(pinned.get(member.id) ?? pin(member));
  }
  const settled = unknown === undefined ? [...leftOut, ...held] : [];
  if (send.length === 0 && unknown === undefined) return { kind: "close", why: "nobody_to_send", settled };
  if (send.length === 0) return { kind: "wait", why: "nobody_eligible", settled };
  if (at.permission.kind === "withheld") return { kind: "wait", why: at.permission.why, settled };
  return { kind: "call", frame: earlier[0]?.frame ?? null, send, settled };
}

function heldReason(permission: Permission, lastOutcome: string | null): string {
  if (permission.kind === "withheld") return permission.why;
  return lastOutcome?.includes("quota") ? "quota" : "late";
}

function pin(member: Member): PinnedMember {
  const {
    subscriber: _,
    enrollment: __,
    consent: ___,
    suppression: ____,
    suppressedAt: _____,
    fromAt: ______,
    addressHash: _______,
    erasure: ________,
    ...pinned
  } = member;
  return pinned;
}
