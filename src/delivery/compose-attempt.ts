import { type DeliveryKind, eligible, type Standing } from "./eligible.ts";
import type { MessageFrame } from "./message-frame.ts";
import { CATCH_UP_MS } from "./plan-theme.ts";

/** A planned delivery of a batch with the person's present standing. */
export type Member = Standing & {
  readonly id: number;
  readonly kind: DeliveryKind;
  readonly owner: number;
  readonly slotAt: number;
  readonly renditionId: number;
  readonly subscriberId: number;
  readonly address: string;
  readonly firstName: string;
  readonly nextDueAt: number | null;
  readonly timeZone: string | null;
  readonly requestedAt: number | null;
  readonly sequenceSlug: string;
  readonly sequenceTitle: string;
  readonly stepSlug: string | null;
};

/** What is pinned at a batch's first attempt, so that every repeat of the call has the same bytes. */
export type PinnedMember = Omit<Member, keyof Standing | "slotAt">;

/** An attempt as it was stored. An attempt without outcome was under way when its consumer died. */
export type StoredAttempt = {
  readonly frame: MessageFrame;
  readonly members: readonly PinnedMember[];
  readonly startedAt: number;
  readonly outcome: string | null;
};

export type AttemptPlan = {
  /** The frame that the first attempt pinned; null when this is the first. */
  readonly frame: MessageFrame | null;
  readonly send: readonly PinnedMember[];
  /** No longer eligible: they end as skipped, at once or when the outcome of earlier attempts is known. */
  readonly leftOut: ReadonlyArray<{ readonly id: number; readonly reason: string }>;
  /** Planned, certainly not sent, and too late for their slot. */
  readonly held: ReadonlyArray<{ readonly id: number; readonly reason: string }>;
  /** Start (wall clock) of the first attempt of which nobody knows whether it was taken; null when there is none. */
  readonly unansweredSince: number | null;
};

/** Outcomes of attempts start with one of these words; a cause may follow after a colon. */
export const OUTCOMES = { accepted: "accepted", refused: "refused", unanswered: "unanswered" } as const;

/**
 * Who is in the next call for a batch: its planned members who are eligible now, as they were pinned by the first
 * attempt. A letter that certainly did not go out within 48 hours of its slot is held instead.
 */
export function composeAttempt(
  members: readonly Member[],
  earlier: readonly StoredAttempt[],
  now: number,
): AttemptPlan {
  const open = earlier.find(
    (attempt) => attempt.outcome === null || attempt.outcome.startsWith(OUTCOMES.unanswered),
  );
  const pinned = new Map((earlier[0]?.members ?? []).map((member) => [member.id, member]));
  const send: PinnedMember[] = [];
  const leftOut: { id: number; reason: string }[] = [];
  const held: { id: number; reason: string }[] = [];
  for (const member of members) {
    const eligibility = eligible(member.kind, member);
    if (eligibility.kind === "ineligible") leftOut.push({ id: member.id, reason: eligibility.reason });
    else if (open === undefined && now - member.slotAt > CATCH_UP_MS) {
      held.push({ id: member.id, reason: "late" });
    } else send.push(pinned.get(member.id) ?? pin(member));
  }
  return { frame: earlier[0]?.frame ?? null, send, leftOut, held, unansweredSince: open?.startedAt ?? null };
}

function pin(member: Member): PinnedMember {
  const { subscriber: _, enrollment: __, consent: ___, slotAt: ____, ...pinned } = member;
  return pinned;
}
