import type { OutboundMessage, ProviderAnswer } from "../providers/mail-provider.ts";
import { readRenditions } from "../sequences/queries.ts";
import { type AttemptPlan, composeAttempt, OUTCOMES, type PinnedMember } from "./compose-attempt.ts";
import type { DeliveryDeps } from "./deps.ts";
import { matchAnswer } from "./match-answer.ts";
import { type CompiledRendition, compileRendition } from "./merge.ts";
import { frameOf, type MessageFrame, secretOf } from "./message-frame.ts";
import { outboundMessage } from "./outbound-message.ts";
import {
  beginAttempt,
  claimBatch,
  finishBatch,
  readAttempts,
  readMembers,
  releaseBatch,
  type Settled,
} from "./queries/send.ts";

/** Longer than the worst provider call, shorter than the cron period. */
export const LEASE_MS = 120_000;
/** A provider call is ended after this long; its outcome is then unknown. */
const CALL_TIMEOUT_MS = 30_000;
/** The provider forgets a key after 24 h (resend.com/docs/dashboard/emails/idempotency-keys); no attempt ends later than this. */
export const KEY_LIFE_MS = 23 * 3_600_000;

const BACKOFF_FIRST_MS = 30_000;
const BACKOFF_MAX_MS = 15 * 60_000;

export type SendResult =
  | { readonly kind: "done"; readonly accepted: number }
  /** Open still; nothing more to do before `afterMs` are over. */
  | { readonly kind: "later"; readonly afterMs: number; readonly why: string }
  /** Done, leased by another consumer, or backing off. */
  | { readonly kind: "not_claimed" };

/**
 * Sends one batch: claim, read again who may be mailed, store the attempt, call, record. Safe to run any number of
 * times, at once and after a crash at any point: the provider sees one idempotency key, and the ledger moves forward
 * only.
 */
export async function sendBatch(deps: DeliveryDeps, batchId: number): Promise<SendResult> {
  const { db } = deps;
  const token = deps.random();
  const claimedAt = deps.wallNow();
  const batch = await claimBatch(db, { batchId, token, wallNow: claimedAt, leaseMs: LEASE_MS });
  if (batch === null) return { kind: "not_claimed" };
  const members = await readMembers(db, batchId);
  const earlier = batch.claims > 1 ? await readAttempts(db, batchId) : [];
  const plan = composeAttempt(members, earlier, deps.now);
  const claim = { batchId, token, number: batch.claims };

  if (plan.unansweredSince !== null && claimedAt + CALL_TIMEOUT_MS > plan.unansweredSince + KEY_LIFE_MS) {
    const settled = members.map(({ id }): Settled => ({ id, state: "uncertain", reason: "no_answer" }));
    await finish(deps, claim, "expired", { settled });
    return { kind: "done", accepted: 0 };
  }
  const frame = plan.frame ?? (await frameOf(deps.config));
  const composed = await compose(deps, frame, plan.send);
  const leftOut = plan.leftOut.map(({ id, reason }): Settled => ({ id, state: "skipped", reason }));
  const held = plan.held.map(({ id, reason }): Settled => ({ id, state: "held", reason }));
  const settledNow = [...composed.failed, ...held, ...(plan.unansweredSince === null ? leftOut : [])];
  if (composed.messages.length === 0) return nobodyToSend(deps, claim, plan, settledNow);

  const stored = await beginAttempt(db, {
    ...claim,
    frame,
    members: composed.members,
    settled: settledNow,
    wallNow: claimedAt,
    now: deps.now,
  });
  if (!stored) return { kind: "not_claimed" };
  const answer = await deps.provider.send({
    idempotencyKey: batch.idempotencyKey,
    messages: composed.messages,
    signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
  });
  return record(deps, { claim, composed, leftOut: plan.unansweredSince === null ? [] : leftOut }, answer);
}

type Claim = { readonly batchId: number; readonly token: string; readonly number: number };

type Composed = {
  readonly members: readonly PinnedMember[];
  readonly messages: readonly OutboundMessage[];
  readonly failed: readonly Settled[];
};

async function record(
  deps: DeliveryDeps,
  sent: { claim: Claim; composed: Composed; leftOut: readonly Settled[] },
  answer: ProviderAnswer,
): Promise<SendResult> {
  const ids = sent.composed.members.map((member) => member.id);
  switch (answer.kind) {
    case "accepted": {
      const matched = matchAnswer(ids, answer);
      if (matched.kind === "mismatched") {
        const settled = ids.map((id): Settled => ({ id, state: "uncertain", reason: "answer_mismatch" }));
        await finish(deps, sent.claim, OUTCOMES.accepted, { settled: [...settled, ...sent.leftOut] });
        return { kind: "done", accepted: 0 };
      }
      const failed = matched.failed.map(({ id, reason }): Settled => ({ id, state: "failed", reason }));
      await finish(deps, sent.claim, OUTCOMES.accepted, {
        accepted: matched.accepted,
        settled: [...failed, ...sent.leftOut],
      });
      return { kind: "done", accepted: matched.accepted.length };
    }
    case "refused":
      return later(deps, sent.claim, `${OUTCOMES.refused}:${answer.status}:${answer.name}`);
    case "unanswered":
      return later(deps, sent.claim, `${OUTCOMES.unanswered}:${answer.cause}`);
  }
}

async function nobodyToSend(
  deps: DeliveryDeps,
  claim: Claim,
  plan: AttemptPlan,
  settled: readonly Settled[],
): Promise<SendResult> {
  if (plan.unansweredSince !== null) return later(deps, claim, "nobody_eligible");
  await finish(deps, claim, "nobody_to_send", { settled });
  return { kind: "done", accepted: 0 };
}

async function later(deps: DeliveryDeps, claim: Claim, outcome: string): Promise<SendResult> {
  const afterMs = Math.min(BACKOFF_FIRST_MS * 2 ** Math.min(claim.number - 1, 10), BACKOFF_MAX_MS);
  const wallNow = deps.wallNow();
  await releaseBatch(deps.db, { ...claim, outcome, retryAt: wallNow + afterMs, wallNow });
  return { kind: "later", afterMs, why: outcome };
}

function finish(
  deps: DeliveryDeps,
  claim: Claim,
  outcome: string,
  end: { accepted?: ReadonlyArray<{ id: number; providerId: string }>; settled: readonly Settled[] },
): Promise<void> {
  const accepted = end.accepted ?? [];
  return finishBatch(deps.db, {
    ...claim,
    outcome,
    accepted,
    settled: end.settled,
    wallNow: deps.wallNow(),
    now: deps.now,
  });
}

async function compose(
  deps: DeliveryDeps,
  frame: MessageFrame,
  send: readonly PinnedMember[],
): Promise<Composed> {
  const secret = await secretOf(deps.config, frame);
  const renditions = await compiledRenditions(
    deps,
    send.map((member) => member.renditionId),
  );
  const members: PinnedMember[] = [];
  const messages: OutboundMessage[] = [];
  const failed: Settled[] = [];
  for (const member of send) {
    const rendition = renditions.get(member.renditionId);
    if (rendition === undefined) {
      failed.push({ id: member.id, state: "failed", reason: "rendition_missing" });
      continue;
    }
    const composed = await outboundMessage(frame, secret, member, rendition);
    if (composed.kind === "unresolved") {
      failed.push({ id: member.id, state: "failed", reason: `unresolved_slot: ${composed.slot}` });
    } else {
      members.push(member);
      messages.push(composed.message);
    }
  }
  return { members, messages, failed };
}

// Renditions are immutable, so an isolate may keep the few it is using.
const CACHED_RENDITIONS_MAX = 64;
const cache = new Map<number, CompiledRendition>();

async function compiledRenditions(
  { db }: DeliveryDeps,
  ids: readonly number[],
): Promise<ReadonlyMap<number, CompiledRendition>> {
  const wanted = [...new Set(ids)];
  if (wanted.some((id) => !cache.has(id))) {
    if (cache.size + wanted.length > CACHED_RENDITIONS_MAX) cache.clear();
    for (const rendition of await readRenditions(db, wanted))
      cache.set(rendition.id, compileRendition(rendition));
  }
  return new Map(cache);
}
