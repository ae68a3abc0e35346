import type { Lane } from "../../platform/guard/rate.ts";
import { isUnknown } from "../ledger/attempt-outcome.ts";
import type { StoredAttempt } from "../ledger/queries/claims.ts";
import type { Services } from "../services.ts";
import { callProvider } from "./call-provider.ts";
import { CALL_TIMEOUT_MS, KEY_LIFE_MS } from "./compose-attempt.ts";
import { composeCall } from "./compose-call.ts";
import { judgeAnswer, type Verdict } from "./judge-answer.ts";
import { openTurns } from "./take-turn.ts";

/**
 * Finds out which earlier attempt a key belongs to, by posting their payloads under it again: the key is spent, so this
 * cannot send anything; the right one is answered with its ids. `uncertain` where none is. Anything else that is answered
 * leaves the question open for later.
 */
export async function replaySpentKey(
  deps: Services,
  spent: { readonly lane: Lane; readonly key: string; readonly earlier: readonly StoredAttempt[] },
): Promise<Verdict> {
  const candidates = spent.earlier.filter((attempt) => isUnknown(attempt.outcome)).reverse();
  const first = candidates.at(-1);
  for (const candidate of candidates) {
    const turn = await openTurns(deps, spent.lane, 1).take();
    if (turn.kind === "later") return { kind: "unknown", cause: turn.why };
    if (turn.quota) return { kind: "unknown", cause: "quota" };
    // A forgotten key would send again.
    if (first === undefined || deps.wallNow() + CALL_TIMEOUT_MS > first.startedAt + KEY_LIFE_MS) break;
    const call = await composeCall(deps, candidate.frame, candidate.members);
    const answer = await callProvider(deps, spent.key, call.messages);
    const members = call.members.map((member) => member.id);
    const verdict = judgeAnswer({ members, earlier: [null] }, answer);
    if (verdict.kind === "settled" || verdict.kind === "uncertain") return verdict;
    if (verdict.kind !== "spent") return { kind: "unknown", cause: `replay:${verdict.kind}` };
  }
  return { kind: "uncertain", reason: "key_conflict" };
}
