import type { PinnedMember } from "../../platform/db/schema/index.ts";
import type { AdmittedMember } from "../../platform/guard/guard-port.ts";
import { databaseState } from "../../platform/guard/marks.ts";
import { raiseAlert } from "../../platform/log/queries.ts";
import type { OutboundMessage } from "../../platform/providers/mail-provider.ts";
import { isUnknown } from "../ledger/attempt-outcome.ts";
import type { Member } from "../ledger/kind.ts";
import { beginAttempt, finishBatch, releaseBatch } from "../ledger/queries/attempts.ts";
import type { Claim, ClaimedBatch, StoredAttempt } from "../ledger/queries/claims.ts";
import type { Permission } from "../restore/ask-guard.ts";
import { askGuard } from "../restore/ask-guard.ts";
import type { Services } from "../services.ts";
import { callProvider, noteAnswer, noteLimit } from "./call-provider.ts";
import { type AttemptPlan, composeAttempt, pinnedBy } from "./compose-attempt.ts";
import { callBytes, composeCall } from "./compose-call.ts";
import { judgeAnswer } from "./judge-answer.ts";
import { frameOf } from "./message-frame.ts";
import { recordVerdict } from "./record-verdict.ts";
import { replaySpentKey } from "./replay-spent-key.ts";
import type { SendResult } from "./send-result.ts";
import { type Turn, WITHHELD_MS } from "./take-turn.ts";
import { withRoom } from "./with-room.ts";

/** When a batch is looked at again of which someone stands otherwise than was read. */
export const READ_AGAIN_MS = 1000;

/** Someone's standing, the run or the claim is not as it was read. */
type Changed = { readonly kind: "changed" };

/** A claimed batch with its members as they were just read. */
export type Work = {
  readonly claim: Claim;
  readonly claimed: ClaimedBatch;
  readonly turn: Turn;
  readonly members: readonly Member[];
  readonly earlier: readonly StoredAttempt[];
};

/**
 * Makes one attempt: compose, store it, ask the Guard, call, record. `changed`, and nothing begun, where a member's standing, the run
 * or the claim is not any more as it was read.
 */
export async function makeAttempt(
  deps: Services,
  work: Work,
  permission: Permission,
): Promise<SendResult | Changed> {
  const { claim, claimed, members, earlier } = work;
  const wallNow = deps.wallNow();
  const when = { wallNow, now: deps.now };
  const plan = composeAttempt(members, earlier, {
    ...when,
    permission,
    lastOutcome: claimed.lastOutcome,
  });
  if (plan.settled.length > 0 || plan.kind === "close") {
    // A restored database may have forgotten that these letters were sent.
    const word = await askGuard(
      deps,
      databaseState(claimed),
      (state) => deps.guard.check(state),
      hashesOf(members),
    );
    if (word.permission.kind === "withheld" && word.permission.why !== "stopped") {
      return withhold(deps, claim, word.permission.why);
    }
  }
  if (plan.kind === "close") {
    if (plan.why === "expired") {
      await raiseAlert(deps.db, { name: "letters.uncertain", detail: "no_answer", now: deps.now });
    }
    await finishBatch(deps.db, deps.kinds, claim, {
      ...when,
      outcome: plan.why,
      accepted: [],
      settled: plan.settled,
    });
    return { kind: "done", accepted: 0 };
  }
  if (plan.kind === "wait") {
    const { why, settled } = plan;
    await releaseBatch(deps.db, deps.kinds, claim, {
      ...when,
      outcome: null,
      why,
      settled,
      retryAt: wallNow + WITHHELD_MS,
    });
    return { kind: "later", afterMs: WITHHELD_MS, why };
  }
  return callFor(deps, work, plan);
}

/** Composes the call, stores the attempt, asks the Guard, calls and records. */
async function callFor(
  deps: Services,
  { claim, claimed, turn, members, earlier }: Work,
  plan: Extract<AttemptPlan, { kind: "call" }>,
): Promise<SendResult | Changed> {
  const when = { wallNow: deps.wallNow(), now: deps.now };
  const frame = plan.frame ?? (await frameOf(deps.config));
  const call = await composeCall(deps, frame, plan.send);
  // What cannot be composed now may have been sent when it could.
  const settled = earlier.some(({ outcome }) => isUnknown(outcome)) ? [] : [...plan.settled, ...call.failed];
  if (call.messages.length === 0) {
    if (earlier.some(({ outcome }) => isUnknown(outcome))) return withhold(deps, claim, "nothing_to_compose");
    await finishBatch(deps.db, deps.kinds, claim, {
      ...when,
      outcome: "nobody_to_send",
      accepted: [],
      settled,
    });
    return { kind: "done", accepted: 0 };
  }
  const pinned = pinnedBy(earlier);
  const begun = await beginAttempt(deps.db, deps.kinds, claim, {
    ...when,
    frame,
    members: call.members.map((member) => (pinned.has(member.id) ? member.id : member)),
    called: standingOf(members, call.members),
    settled,
  });
  if (begun === null) return { kind: "changed" };
  // What was called for before, the Guard has noted.
  const known = pinnedBy(earlier.filter(({ outcome }) => outcome?.startsWith("unanswered:")));
  // Not before: what is merged and not yet written down takes next to nothing. And not later: what the Guard let through is on its way.
  const room = { bytes: callBytes(call.messages), waits: () => tellAnswers(deps, turn) };
  const called = await withRoom(deps, room, async () => {
    // After the attempt is stored, so that a database from before it is known as restored.
    const asked = deps.wallNow();
    const word = await askGuard(
      deps,
      databaseState(begun),
      (state) =>
        deps.guard.admit(state, {
          batchId: claim.batchId,
          members: JSON.stringify(call.members.filter(({ id }) => !known.has(id)).map(admitted)),
          again: earlier.some(({ outcome }) => isUnknown(outcome)),
          answered: turn.answered.splice(0),
          next: { lane: turn.lane, rateLimited: deps.provider.rateLimited, wanted: turn.wanted() },
          wallNow: asked,
        }),
      hashesOf(members),
    );
    turn.end(word.nextWaitsMs, asked);
    if (word.permission.kind === "withheld") return { ...word.permission, outageMs: word.outageMs };
    await clearProvidersList(deps, members, call.messages);
    return callProvider(deps, claimed.idempotencyKey, call.messages);
  });
  if (called.kind === "withheld") return withhold(deps, claim, called.why, called.outageMs);
  const answer = called;
  const outage = await noteAnswer(deps, { batchId: claim.batchId, answered: turn.answered }, answer);
  await noteLimit(deps, turn.limitPerSecond, answer);
  const verdict = judgeAnswer(
    { members: call.members.map((member) => member.id), earlier: earlier.map(({ outcome }) => outcome) },
    answer,
  );
  const judged =
    verdict.kind === "spent"
      ? await replaySpentKey(deps, { lane: turn.lane, key: claimed.idempotencyKey, earlier })
      : verdict;
  return recordVerdict(
    { ...deps, now: turn.now() },
    { claim, runId: claimed.runId, lane: turn.lane, members, outage },
    judged,
  );
}

/** To the Guard a call whose answer it isn't told of is out; told too late, it would look like an outage. */
async function tellAnswers({ guard, wallNow }: Services, turn: Turn): Promise<void> {
  if (turn.answered.length > 0)
    await guard.report({ answered: turn.answered.splice(0), failed: null }, wallNow());
}

/** The Guard said no at the last moment: the attempt certainly did not leave. */
async function withhold(
  deps: Services,
  claim: Claim,
  why: string,
  outageMs: number | null = null,
): Promise<SendResult> {
  // Opt-outs have been learnt by now: only who may be mailed must be read again.
  const afterMs = outageMs ?? (why === "opt_outs_missing" ? READ_AGAIN_MS : WITHHELD_MS);
  return giveBack(deps, claim, why, afterMs);
}

/** Gives the batch back for a while; an attempt that was begun did not leave. */
export async function giveBack(
  deps: Services,
  claim: Claim,
  why: string,
  afterMs: number,
): Promise<SendResult> {
  const wallNow = deps.wallNow();
  await releaseBatch(deps.db, deps.kinds, claim, {
    wallNow,
    now: deps.now,
    outcome: "refused:withheld",
    why,
    settled: [],
    retryAt: wallNow + afterMs,
  });
  return { kind: "later", afterMs, why };
}

/** The provider keeps a suppression list of its own; whoever may be asked for a new confirmation is taken off it first. */
async function clearProvidersList(
  deps: Services,
  members: readonly Member[],
  messages: readonly OutboundMessage[],
): Promise<void> {
  const listed = new Set(
    members.filter((member) => member.onProvidersList).map(({ pinned }) => pinned.address),
  );
  if (listed.size === 0) return;
  for (const { to } of messages) if (listed.has(to)) await deps.provider.forgetSuppression(to);
}

/** Those who are called for, with their standing as it was read. */
function standingOf(members: readonly Member[], called: readonly PinnedMember[]) {
  const ids = new Set(called.map(({ id }) => id));
  return members
    .filter(({ pinned }) => ids.has(pinned.id))
    .map(({ pinned: { kind, recipientId }, standing }) => ({ kind, recipientId, standing }));
}

function hashesOf(members: readonly Member[]): ReadonlySet<string> {
  return new Set(members.map((member) => member.addressHash));
}

/** What the Guard keeps of a member: what a restored database would need to enter the delivery again. */
function admitted(member: PinnedMember): AdmittedMember {
  const { id, kind, anchor, round, item, copy, recipientId, renditionId, slotAt } = member;
  return { id, kind, anchor, round, item, copy, recipientId, renditionId, slotAt };
}
