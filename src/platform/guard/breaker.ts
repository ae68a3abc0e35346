/** How the provider has answered lately. Instants are epoch ms of real time. */
export type Breaker = {
  /** Calls that failed since the last answer. */
  readonly failures: number;
  /** When a call was let through last although it was open. */
  readonly probedAt: number;
  /** The calls that are out, by batch: when each was let through. */
  readonly out: Readonly<Record<string, number>>;
};

export const CLOSED: Breaker = { failures: 0, probedAt: 0, out: {} };

/** A call that is out for so long counts as unanswered while it lasts. */
const UNANSWERED_AFTER_MS = 5000;
/** A call ends after 30 s (sending/compose-attempt.ts); of one that is out for longer nobody will tell. */
const FORGOTTEN_AFTER_MS = 35_000;
/** So many calls may be lost before the rest waits. */
const LOST_MAX = 4;
const PROBE_MS = 60_000;
/** Where no batch of unknown outcome comes to probe with, another one does after so long. */
const PROBE_ANEW_MS = 3 * PROBE_MS;

/**
 * Whether a call may be made: null, or after how long to ask again. While nothing answers, four calls at most are lost; then one a minute
 * probes, with a batch that may have been sent already (`again`), so that an outage leaves the others certainly unsent.
 */
export function blockedMs(breaker: Breaker, again: boolean, wallNow: number): number | null {
  const { failures, probedAt } = breaker;
  const out = Object.values(breaker.out).filter((at) => wallNow - at < FORGOTTEN_AFTER_MS);
  const unanswered = out.filter((at) => wallNow - at >= UNANSWERED_AFTER_MS).length;
  if (failures + unanswered === 0) return null;
  if (failures + out.length < LOST_MAX) return null;
  // A clock that was set back must not end the probes.
  const sinceMs = probedAt > wallNow ? PROBE_ANEW_MS : wallNow - probedAt;
  const everyMs = again ? PROBE_MS : PROBE_ANEW_MS;
  const isFree = out.length < LOST_MAX && failures >= LOST_MAX;
  if (isFree && sinceMs >= everyMs) return null;
  return Math.max(UNANSWERED_AFTER_MS, Math.min(PROBE_MS, everyMs - sinceMs));
}

/** A call is let through. */
export function letThrough(breaker: Breaker, batchId: number, wallNow: number): Breaker {
  const isProbe = breaker.failures >= LOST_MAX;
  return {
    failures: breaker.failures,
    probedAt: isProbe ? wallNow : breaker.probedAt,
    out: { ...stillOut(breaker, [batchId], wallNow), [batchId]: wallNow },
  };
}

/** The calls for these batches were answered: the provider is there. */
export function answered(breaker: Breaker, batchIds: readonly number[], wallNow: number): Breaker {
  if (batchIds.length === 0) return breaker;
  return { failures: 0, probedAt: 0, out: stillOut(breaker, batchIds, wallNow) };
}

/** The call for a batch failed: nothing came back, or an error of theirs. */
export function failed(breaker: Breaker, batchId: number, wallNow: number): Breaker {
  const failures = breaker.failures + 1;
  // The last of the first four is the first probe.
  const probedAt = failures === LOST_MAX ? wallNow : breaker.probedAt;
  return { failures, probedAt, out: stillOut(breaker, [batchId], wallNow) };
}

function stillOut({ out }: Breaker, but: readonly number[], wallNow: number): Breaker["out"] {
  const gone = new Set(but.map(String));
  return Object.fromEntries(
    Object.entries(out).filter(([id, at]) => !gone.has(id) && wallNow - at < FORGOTTEN_AFTER_MS),
  );
}
