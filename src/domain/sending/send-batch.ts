import type { Sending } from "../../platform/guard/guard-port.ts";
import type { Lane } from "../../platform/guard/rate.ts";
import {
  type Claim,
  type ClaimedBatch,
  claimBatch,
  gatherBatch,
  mayHaveBeenSent,
  readAttempts,
  readClaimed,
  readMembers,
} from "../ledger/queries/claims.ts";
import type { Permission } from "../restore/ask-guard.ts";
import type { Services } from "../services.ts";
import { giveBack, makeAttempt, READ_AGAIN_MS } from "./make-attempt.ts";
import type { Gathered, SendResult } from "./send-result.ts";
import { holdsSuppressionKey } from "./suppression-key.ts";
import { LEASE_MS, openTurns, type Turn, type Turns } from "./take-turn.ts";

/** Standing changes in the moment between reading and beginning; so often in a row only under a flood. */
const READINGS_MAX = 5;
/** When a batch is looked at again whose consumer crashed: its claim holds until the lease is over. */
export const AFTER_CRASH_S = LEASE_MS / 1000 + 5;

const OUT_OF_QUOTA: Permission = { kind: "withheld", why: "quota" };

/**
 * Sends one batch: take a turn, claim, read again who may be mailed, store the attempt, ask the Guard, call, record. Safe
 * to run any number of times, at once and after a crash at any point: the provider sees one idempotency key, and the ledger
 * moves forward only.
 */
export async function sendBatch(
  deps: Services,
  batchId: number,
  lane: Lane,
  turns?: Turns,
): Promise<SendResult> {
  const taken = turns ?? openTurns(deps, lane, 1);
  let turn = await taken.take();
  // What may have been sent already is what an outage is probed with.
  if (turn.kind === "later" && turn.why === "outage" && (await mayHaveBeenSent(deps.db, batchId))) {
    turn = await taken.take(true);
  }
  if (turn.kind === "later") return turn;
  try {
    const claimed = await claimBatch(deps.db, { ...turn.lease, batchId });
    if (claimed !== null) return await sendClaimed(deps, turn, claimed);
    turn.giveBack();
    return { kind: "not_claimed" };
  } finally {
    turn.end();
    if (turns === undefined) await taken.close();
  }
}

/**
 * Sends what waits on a lane without a batch, 100 at most, in a batch that is made for it when its turn has come: those that wait
 * share a call. `not_claimed` where nothing waits. Asks the queue for the rest where there may be more, and for the batch where this
 * throws, because nothing waits any more that the same message would find.
 */
export async function gatherAndSend(deps: Services, lane: Lane, turns?: Turns): Promise<Gathered> {
  const taken = turns ?? openTurns(deps, lane, 1);
  const turn = await taken.take();
  if (turn.kind === "later") return { ...turn, batchId: null };
  try {
    const gather = { ...turn.lease, lane, key: deps.random(), now: deps.now };
    const claimed = await gatherBatch(deps.db, deps.kinds, gather);
    if (claimed !== null) return await sendGathered(deps, turn, claimed);
    turn.giveBack();
    return { kind: "not_claimed", batchId: null };
  } finally {
    turn.end();
    if (turns === undefined) await taken.close();
  }
}

async function sendGathered(
  deps: Services,
  turn: Turn,
  claimed: ClaimedBatch & { readonly full: boolean },
): Promise<Gathered> {
  const { batchId } = claimed;
  const { lane } = turn;
  try {
    if (claimed.full) await deps.enqueue(lane, [{ gather: lane }]);
    return { ...(await sendClaimed(deps, turn, claimed)), batchId };
  } catch (error) {
    await deps.enqueue(lane, [{ batchId }], AFTER_CRASH_S);
    throw error;
  }
}

async function sendClaimed(deps: Services, turn: Turn, claimed: ClaimedBatch): Promise<SendResult> {
  const { batchId } = claimed;
  const claim: Claim = { batchId, token: turn.lease.token, number: claimed.claims };
  const earlier = claimed.claims > 1 ? await readAttempts(deps.db, batchId) : [];
  let now: ClaimedBatch | null = claimed;
  for (let readings = 0; now !== null && readings < READINGS_MAX; readings += 1) {
    const members = await readMembers(deps.db, deps.kinds, now, deps.now);
    const allowed = await permissionOf(deps, now, turn.sending);
    const permission = turn.quota && allowed.kind === "granted" ? OUT_OF_QUOTA : allowed;
    const result = await makeAttempt(deps, { claim, claimed: now, turn, members, earlier }, permission);
    if (result.kind !== "changed") return result;
    now = await readClaimed(deps.db, claim);
  }
  return now === null ? { kind: "not_claimed" } : giveBack(deps, claim, "standing_changed", READ_AGAIN_MS);
}

async function permissionOf(deps: Services, claimed: ClaimedBatch, sending: Sending): Promise<Permission> {
  if (sending !== "on") return { kind: "withheld", why: sending };
  if (claimed.runStopped !== null) return { kind: "withheld", why: "run_stopped" };
  if (!(await holdsSuppressionKey(deps))) return { kind: "withheld", why: "wrong_suppression_key" };
  return { kind: "granted" };
}
