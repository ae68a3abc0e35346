import { expect, test } from "vitest";
import {
  answered,
  type Breaker,
  blockedMs,
  CLOSED,
  failed,
  letThrough,
} from "../../src/platform/guard/breaker.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const START = Date.UTC(2026, 10, 24, 8);

type Provider = "answers" | "hangs" | "refuses";

/**
 * Batches ask ten times a second while nothing is known, and as they are told afterwards; a call that fails comes back after a minute, as one
 * that may have been sent. Returns which batches were called for in the outage, how often, and when the first call was answered afterwards.
 */
function live(outage: Exclude<Provider, "answers">, outageMs: number) {
  let breaker: Breaker = CLOSED;
  const calls = new Map<number, number>();
  const lost = new Map<number, number>();
  const ending: { readonly at: number; readonly batchId: number; readonly provider: Provider }[] = [];
  let next = 1;
  let freshAt = START;
  for (let now = START; now < START + outageMs + 10 * MINUTE; now += 100) {
    const provider = now < START + outageMs ? outage : "answers";
    for (const call of ending.filter(({ at }) => at <= now)) {
      ending.splice(ending.indexOf(call), 1);
      if (call.provider === "answers") return { calls, answeredAfterMs: now - START - outageMs };
      breaker = failed(breaker, call.batchId, now);
      lost.set(call.batchId, now + MINUTE);
    }
    const begin = (batchId: number, again: boolean): number | null => {
      const waitMs = blockedMs(breaker, again, now);
      if (waitMs !== null) return waitMs;
      breaker = letThrough(breaker, batchId, now);
      if (provider !== "answers") calls.set(batchId, (calls.get(batchId) ?? 0) + 1);
      ending.push({ at: now + (provider === "hangs" ? 30 * SECOND : 200), batchId, provider });
      return null;
    };
    for (const [batchId, at] of [...lost]) {
      if (at > now) continue;
      lost.delete(batchId);
      const waitMs = begin(batchId, true);
      if (waitMs !== null) lost.set(batchId, now + waitMs);
    }
    if (freshAt <= now) {
      const waitMs = begin(next, false);
      if (waitMs === null) next += 1;
      freshAt = now + (waitMs ?? 100);
    }
  }
  return { calls, answeredAfterMs: Number.POSITIVE_INFINITY };
}

test("an outage that closes connections loses four calls; the rest is certainly unsent, however long it lasts", () => {
  const { calls, answeredAfterMs } = live("refuses", 26 * HOUR);
  expect(calls.size).toBe(4);
  // About a probe a minute.
  const probes = [...calls.values()].reduce((sum, times) => sum + times, 0);
  expect(probes).toBeLessThanOrEqual(26 * 60 + 5);
  expect(probes).toBeGreaterThan(20 * 60);
  expect(answeredAfterMs).toBeLessThanOrEqual(MINUTE + SECOND);
});

test("an outage that hangs loses what was called for within five seconds", () => {
  const { calls, answeredAfterMs } = live("hangs", 26 * HOUR);
  expect(calls.size).toBeLessThanOrEqual(52);
  expect(answeredAfterMs).toBeLessThanOrEqual(2 * MINUTE);
});

test("a failure among answers keeps nobody back", () => {
  let breaker = CLOSED;
  for (let n = 0; n < 100; n += 1) {
    const now = START + n * SECOND;
    expect(blockedMs(breaker, false, now)).toBeNull();
    breaker = letThrough(breaker, n, now);
    breaker = n % 3 === 0 ? failed(breaker, n, now + 200) : answered(breaker, [n], now + 200);
  }
});

test("where no batch that may have been sent is left to probe with, another one does after three minutes", () => {
  let breaker = CLOSED;
  for (const batchId of [1, 2, 3, 4]) breaker = failed(letThrough(breaker, batchId, START), batchId, START);
  breaker = failed(letThrough(breaker, 1, START), 1, START);
  expect(blockedMs(breaker, false, START + 2 * MINUTE)).not.toBeNull();
  expect(blockedMs(breaker, false, START + 3 * MINUTE)).toBeNull();
});

test("a call of which nobody tells any more, and a clock that was set back, keep nobody back for ever", () => {
  const silent = letThrough(CLOSED, 1, START);
  const others = [2, 3, 4, 5].reduce((breaker, id) => letThrough(breaker, id, START), silent);
  expect(blockedMs(others, false, START + 6 * SECOND)).not.toBeNull();
  expect(blockedMs(others, false, START + 36 * SECOND)).toBeNull();
  const ahead = [1, 2, 3, 4, 5].reduce(
    (breaker, id) => failed(letThrough(breaker, id, START), id, START),
    CLOSED,
  );
  expect(blockedMs(ahead, true, START - HOUR)).toBeNull();
});
