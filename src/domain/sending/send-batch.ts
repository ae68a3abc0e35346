import type { PinnedMember } from "../../platform/db/schema/index.ts";
import type { AdmittedMember, Sending } from "../../platform/guard/guard-port.ts";
import { databaseState } from "../../platform/guard/marks.ts";
import type { Lane } from "../../platform/guard/rate.ts";
import { raiseAlert } from "../../platform/log/queries.ts";
import type { OutboundMessage } from "../../platform/providers/mail-provider.ts";
import { isUnknown } from "../ledger/attempt-outcome.ts";
import type { Member } from "../ledger/kind.ts";
import { beginAttempt, finishBatch, releaseBatch } from "../ledger/queries/attempts.ts";
import {
  type Claim,
  type ClaimedBatch,
  claimBatch,
  gatherBatch,
  readAttempts,
  readMembers,
  type StoredAttempt,
} from "../ledger/queries/claims.ts";
import type { Permission } from "../restore/ask-guard.ts";
import { askGuard } from "../restore/ask-guard.ts";
import type { Services } from "../services.ts";
import { callProvider, noteLimit } from "./call-provider.ts";
import { composeAttempt } from "./compose-attempt.ts";
import { composeCall } from "./compose-call.ts";
import { judgeAnswer } from "./judge-answer.ts";
import { frameOf } from "./message-frame.ts";
import { recordVerdict } from "./record-verdict.ts";
import { replaySpentKey } from "./replay-spent-key.ts";
import type { Gathered, SendResult } from "./send-result.ts";
import { holdsSuppressionKey } from "./suppression-key.ts";
import { isQuota, LEASE_MS, type Turn, takeTurn, WITHHELD_MS } from "./take-turn.ts";

const READ_AGAIN_MS = 1000;
/** When a batch is looked at again whose consumer crashed: its claim holds until the lease is over. */
export const AFTER_CRASH_S = LEASE_MS / 1000 + 5;

const OUT_OF_QUOTA: Permission = { kind: "withheld", why: "quota" };

/**
 * Sends one batch: reserve a call, claim, read again who may be mailed, store the attempt, ask the Guard, call, record. Safe
 * to run any number of times, at once and after a crash at any point: the provider sees one idempotency key, and the ledger
 * moves forward only.
 */
export async function sendBatch(deps: Services, batchId: number, lane: Lane): Promise<SendResult> {
  const turn = await takeTurn(deps, lane);
  if (turn.kind === "later") return turn;
  const claimed = await claimBatch(deps.db, { ...turn.lease, batchId });
  return claimed === null ? { kind: "not_claimed" } : sendClaimed(deps, lane, turn, claimed);
}

/**
 * Sends what waits on a lane without a batch, 100 at most, in a batch that is made for it when its turn has come: those that wait
 * share a call. `not_claimed` where nothing waits. Asks the queue for the rest where there may be more, and for the batch where this
 * throws, because nothing waits any more that the same message would find.
 */
export async function gatherAndSend(deps: Services, lane: Lane): Promise<Gathered> {
  const turn = await takeTurn(deps, lane);
  if (turn.kind === "later") return { ...turn, batchId: null };
  const { lease } = turn;
  const claimed = await gatherBatch(deps.db, deps.kinds, {
    ...lease,
    lane,
    key: deps.random(),
    now: deps.now,
  });
  if (claimed === null) return { kind: "not_claimed", batchId: null };
  const { batchId } = claimed;
  try {
    if (claimed.full) await deps.enqueue(lane, [{ gather: lane }]);
    return { ...(await sendClaimed(deps, lane, turn, claimed)), batchId };
  } catch (error) {
    await deps.enqueue(lane, [{ batchId }], AFTER_CRASH_S);
    throw error;
  }
}

async function sendClaimed(
  deps: Services,
  lane: Lane,
  { lease, sending, reservation }: Turn,
  claimed: ClaimedBatch,
): Promise<SendResult> {
  const { batchId } = claimed;
  const work: Work = {
    claim: { batchId, token: lease.token, number: claimed.claims },
    claimed,
    lane,
    limitPerSecond: reservation.kind === "go" ? reservation.limitPerSecond : null,
    members: await readMembers(deps.db, deps.kinds, claimed, deps.now),
    earlier: claimed.claims > 1 ? await readAttempts(deps.db, batchId) : [],
  };
  const permission = await permissionOf(deps, claimed, sending);
  return attempt(
    deps,
    work,
    isQuota(reservation) && permission.kind === "granted" ? OUT_OF_QUOTA : permission,
  );
}

type Work = {
  readonly claim: Claim;
  readonly claimed: ClaimedBatch;
  readonly lane: Lane;
  /** What the Guard believed the provider's rate to be. */
  readonly limitPerSecond: number | null;
  readonly members: readonly Member[];
  readonly earlier: readonly StoredAttempt[];
};

async function permissionOf(deps: Services, claimed: ClaimedBatch, sending: Sending): Promise<Permission> {
  if (sending !== "on") return { kind: "withheld", why: sending };
  if (claimed.runStopped !== null) return { kind: "withheld", why: "run_stopped" };
  if (!(await holdsSuppressionKey(deps))) return { kind: "withheld", why: "wrong_suppression_key" };
  return { kind: "granted" };
}

async function attempt(deps: Services, work: Work, permission: Permission): Promise<SendResult> {
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
  const begun = await beginAttempt(deps.db, deps.kinds, claim, {
    ...when,
    frame,
    members: call.members,
    settled,
  });
  if (begun === null) return { kind: "not_claimed" };
  // After the attempt is stored, so that a database from before it is known as restored.
  const word = await askGuard(
    deps,
    databaseState(begun),
    (state) =>
      deps.guard.admit(state, {
        batchId: claim.batchId,
        members: JSON.stringify(call.members.map(admitted)),
        wallNow,
      }),
    hashesOf(members),
  );
  if (word.permission.kind === "withheld") return withhold(deps, claim, word.permission.why);
  await clearProvidersList(deps, work, call.messages);
  const answer = await callProvider(deps, claimed.idempotencyKey, call.messages);
  await noteLimit(deps, work.limitPerSecond, answer);
  const verdict = judgeAnswer(
    { members: call.members.map((member) => member.id), earlier: earlier.map(({ outcome }) => outcome) },
    answer,
  );
  const judged =
    verdict.kind === "spent"
      ? await replaySpentKey(deps, { lane: work.lane, key: claimed.idempotencyKey, earlier })
      : verdict;
  return recordVerdict(deps, { claim, runId: claimed.runId, lane: work.lane, members }, judged);
}

/** The Guard said no at the last moment: the attempt certainly did not leave. */
async function withhold(deps: Services, claim: Claim, why: string): Promise<SendResult> {
  const wallNow = deps.wallNow();
  // Opt-outs have been learnt by now: only who may be mailed must be read again.
  const afterMs = why === "opt_outs_missing" ? READ_AGAIN_MS : WITHHELD_MS;
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
  work: Work,
  messages: readonly OutboundMessage[],
): Promise<void> {
  const listed = new Set(
    work.members.filter((member) => member.onProvidersList).map(({ pinned }) => pinned.address),
  );
  if (listed.size === 0) return;
  for (const { to } of messages) if (listed.has(to)) await deps.provider.forgetSuppression(to);
}

function hashesOf(members: readonly Member[]): ReadonlySet<string> {
  return new Set(members.map((member) => member.addressHash));
}

/** What the Guard keeps of a member: what a restored database would need to enter the delivery again. */
function admitted(member: PinnedMember): AdmittedMember {
  const { id, kind, anchor, round, item, copy, recipientId, renditionId, slotAt } = member;
  return { id, kind, anchor, round, item, copy, recipientId, renditionId, slotAt };
}
