import { HOUR_MS } from "../../platform/calendar/durations.ts";
import type { Lane } from "../../platform/guard/rate.ts";
import { logEvent } from "../../platform/log/log-event.ts";
import { raiseAlert } from "../../platform/log/queries.ts";
import { familyOfAddress } from "../counts/mailbox-family.ts";
import type { Kinds, Member } from "../ledger/kind.ts";
import { finishBatch, releaseBatch } from "../ledger/queries/attempts.ts";
import type { Claim } from "../ledger/queries/claims.ts";
import { countFailed } from "../ledger/queries/runs.ts";
import type { Accepted, Settled } from "../ledger/settled.ts";
import type { Services } from "../services.ts";
import { checkRun } from "./check-run.ts";
import type { Verdict } from "./judge-answer.ts";
import type { SendResult } from "./send-result.ts";

const BACKOFF_FIRST_MS = 30_000;
/** In an outage the batches that may have been sent already are what the provider is probed with. */
const OUTAGE_RETRY_MS = 60_000;
const BACKOFF_MAX_MS = 15 * 60_000;
/** How soon a quota is tried again where the provider does not say when it begins anew. */
const QUOTA_WAIT_MS = HOUR_MS;

type Called = {
  readonly claim: Claim;
  readonly runId: number | null;
  readonly lane: Lane;
  /** All members of the batch that were planned when it was claimed. */
  readonly members: readonly Member[];
  /** Whether the provider doesn't answer at all. */
  readonly outage: boolean;
};

/** Writes what a verdict means into the ledger, and tells the Guard and the owner what concerns more than this batch. */
export async function recordVerdict(deps: Services, called: Called, verdict: Verdict): Promise<SendResult> {
  switch (verdict.kind) {
    case "settled": {
      const failed = verdict.failed.map(({ id, reason }): Settled => ({ id, state: "failed", reason }));
      const named = new Set([...verdict.accepted, ...failed].map(({ id }) => id));
      const others = called.members.filter(({ pinned }) => !named.has(pinned.id));
      const { settled, again } = leftOut(deps.kinds, others);
      const addresses = new Map(called.members.map(({ pinned }) => [pinned.id, pinned.address]));
      await finish(deps, called, "accepted:", {
        accepted: verdict.accepted.map((taken) => ({
          ...taken,
          family: familyOfAddress(addresses.get(taken.id) ?? ""),
        })),
        settled: [...failed, ...settled],
        again,
      });
      await noteFailures(deps, called.runId, failed.length);
      return { kind: "done", accepted: verdict.accepted.length };
    }
    case "uncertain": {
      const { reason } = verdict;
      const settled = called.members.map(
        ({ pinned: { id } }): Settled => ({ id, state: "uncertain", reason }),
      );
      await finish(deps, called, `unanswered:${reason}`, { accepted: [], settled });
      await raiseAlert(deps.db, { name: "letters.uncertain", detail: reason, now: deps.now });
      return { kind: "done", accepted: 0 };
    }
    case "refused_letter": {
      const others = called.members.filter(({ pinned }) => pinned.id !== verdict.id);
      const { settled, again } = leftOut(deps.kinds, others);
      const failed: Settled = { id: verdict.id, state: "failed", reason: verdict.reason };
      await finish(deps, called, `refused:${verdict.reason}`, {
        accepted: [],
        settled: [failed, ...settled],
        again,
      });
      await noteFailures(deps, called.runId, 1);
      return { kind: "done", accepted: 0 };
    }
    case "halve":
      return halve(deps, called, verdict.name);
    case "unknown":
      return later(
        deps,
        called,
        `unanswered:${verdict.cause}`,
        called.outage ? OUTAGE_RETRY_MS : backoffMs(called.claim.number),
      );
    case "spent":
      return later(deps, called, "refused:spent_key", backoffMs(called.claim.number));
    case "rate":
      await deps.guard.observe(
        { limitPerSecond: null, holdMs: verdict.afterMs, why: "rate" },
        deps.wallNow(),
      );
      return later(deps, called, "refused:rate", verdict.afterMs);
    case "quota":
      return waitForQuota(deps, called, verdict.quota);
    case "configuration":
      await deps.guard.stop(`provider: ${verdict.name}`, deps.wallNow(), {
        ...deps.by,
        at: deps.now,
        changed: { reason: `provider: ${verdict.name}` },
      });
      logEvent("sending.stopped", { by: "provider", name: verdict.name });
      await raiseAlert(deps.db, { name: "sending.stopped", detail: verdict.name, now: deps.now });
      return later(deps, called, `refused:${verdict.name}`, BACKOFF_MAX_MS);
  }
}

async function noteFailures(deps: Services, runId: number | null, letters: number): Promise<void> {
  if (runId === null || letters === 0) return;
  await countFailed(deps.db, runId, letters);
  await checkRun(deps, runId);
}

/**
 * Whoever was not in the call that was taken: their letter never goes out under this key. Where a skip frees the item, the next one
 * comes by itself; a letter of another kind goes out in a batch of its own, `again`, as far as its reader may still be mailed.
 */
function leftOut(kinds: Kinds, members: readonly Member[]) {
  const again = members.filter(
    ({ pinned, eligibility }) =>
      eligibility.kind === "eligible" && pinned.copy === 0 && !kinds.of(pinned.kind).skipFreesItem,
  );
  const settled = members
    .filter((member) => !again.includes(member))
    .map(({ pinned, eligibility }): Settled => {
      const reason = eligibility.kind === "ineligible" ? eligibility.reason : "left_out";
      return { id: pinned.id, state: "skipped", reason };
    });
  return { settled, again: again.map(({ pinned }) => pinned.id) };
}

async function halve(deps: Services, called: Called, name: string): Promise<SendResult> {
  const ids = called.members
    .filter(({ eligibility }) => eligibility.kind === "eligible")
    .map(({ pinned }) => pinned.id);
  const middle = Math.ceil(ids.length / 2);
  const parts = [ids.slice(0, middle), ids.slice(middle)].map((half) => ({ key: deps.random(), ids: half }));
  const batchIds = await finishBatch(deps.db, deps.kinds, called.claim, {
    wallNow: deps.wallNow(),
    now: deps.now,
    outcome: `refused:${name}`,
    accepted: [],
    settled: [],
    parts,
  });
  logEvent("batch.halved", { batchId: called.claim.batchId, name });
  await deps.enqueue(
    called.lane,
    batchIds.map((batchId) => ({ batchId })),
  );
  return { kind: "done", accepted: 0 };
}

async function waitForQuota(deps: Services, called: Called, quota: "daily" | "monthly"): Promise<SendResult> {
  const wallNow = deps.wallNow();
  const resetsAt = (await deps.provider.quotaResetsAt(quota)) ?? wallNow + QUOTA_WAIT_MS;
  const holdMs = Math.max(1000, resetsAt - wallNow);
  await deps.guard.observe({ limitPerSecond: null, holdMs, why: `${quota}_quota` }, wallNow);
  await raiseAlert(deps.db, { name: "provider.quota", detail: quota, now: deps.now });
  return later(deps, called, `refused:${quota}_quota`, holdMs);
}

async function later(
  deps: Services,
  { claim }: Called,
  outcome: `refused:${string}` | `unanswered:${string}`,
  afterMs: number,
): Promise<SendResult> {
  const wallNow = deps.wallNow();
  await releaseBatch(deps.db, deps.kinds, claim, {
    wallNow,
    now: deps.now,
    outcome,
    why: outcome,
    settled: [],
    retryAt: wallNow + afterMs,
  });
  return { kind: "later", afterMs, why: outcome };
}

async function finish(
  deps: Services,
  { claim, lane }: Called,
  outcome: string,
  end: {
    readonly accepted: readonly Accepted[];
    readonly settled: readonly Settled[];
    readonly again?: readonly number[];
  },
): Promise<void> {
  const { accepted, settled, again = [] } = end;
  const when = { wallNow: deps.wallNow(), now: deps.now };
  const parts = again.length === 0 ? [] : [{ key: deps.random(), ids: again }];
  const batchIds = await finishBatch(deps.db, deps.kinds, claim, {
    ...when,
    outcome,
    accepted,
    settled,
    parts,
  });
  await deps.enqueue(
    lane,
    batchIds.map((batchId) => ({ batchId })),
  );
}

function backoffMs(attempts: number): number {
  return Math.min(BACKOFF_FIRST_MS * 2 ** Math.min(attempts - 1, 10), BACKOFF_MAX_MS);
}
