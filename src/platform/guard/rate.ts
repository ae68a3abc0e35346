/** The two lanes of mail: a weekly run never delays a confirmation for longer than a second. */
export type Lane = "letters" | "confirmations";

/** Where the rate stands. Instants are epoch ms of real time. */
export type Rate = {
  /** Calls a second that the provider allows the whole team, as its headers said last; null before the first answer. */
  readonly limitPerSecond: number | null;
  /** The next free place, of both lanes. */
  readonly nextAt: number;
  /** Nobody calls before this instant: the provider said so. */
  readonly heldUntil: number;
  readonly heldWhy: string;
};

export const INITIAL_RATE: Rate = {
  limitPerSecond: null,
  nextAt: 0,
  heldUntil: 0,
  heldWhy: "",
};

/** The lowest limit that Resend has documented (resend.com/docs/api-reference/rate-limit), until its headers tell. */
const LIMIT_UNTIL_KNOWN = 2;

// Calls do not arrive as evenly as they leave; this much below the limit, a second rarely holds one too many.
const SHARE = 0.975;

/**
 * How far ahead a place may lie that is given away: to those who ask, and to those who are calling and go on. Letters leave the rest of the
 * second to confirmations, which so come first however many letters wait. Those who go on come before those who ask, so that places
 * aren't handed to and fro.
 */
const AHEAD_MAX_MS: Readonly<Record<Lane, { readonly asking: number; readonly goingOn: number }>> = {
  confirmations: { asking: 1000, goingOn: 1000 },
  letters: { asking: 500, goingOn: 750 },
};

export type Reservation =
  /** Call after each of `waitsMs`, of which there is one at least. `limitPerSecond` is what the Guard believes. */
  | {
      readonly kind: "go";
      readonly waitsMs: readonly number[];
      readonly limitPerSecond: number | null;
    }
  /** No place was given; one may be free after `afterMs`. */
  | { readonly kind: "later"; readonly afterMs: number; readonly why: string };

/** Who wants places, and how many at most. */
export type Asking = {
  readonly lane: Lane;
  readonly wanted: number;
  readonly from: "asking" | "goingOn";
};

/** How many calls are made in a second under a limit, or under the lowest there is where it isn't known (null). */
export function callsPerSecond(limitPerSecond: number | null): number {
  return (limitPerSecond ?? LIMIT_UNTIL_KNOWN) * SHARE;
}

/**
 * Gives away up to `wanted` places, as many as lie near enough. Both lanes share one rate, a little below the limit, evenly. Instants
 * further ahead than any place come from a clock that was set back, and are forgotten.
 */
export function reserve(
  rate: Rate,
  { lane, wanted, from }: Asking,
  wallNow: number,
): { readonly rate: Rate; readonly reservation: Reservation } {
  const { limitPerSecond, heldUntil, heldWhy } = rate;
  if (heldUntil > wallNow) return { rate, reservation: later(heldUntil - wallNow, heldWhy) };
  const intervalMs = 1000 / callsPerSecond(limitPerSecond);
  const furthest = wallNow + AHEAD_MAX_MS[lane][from];
  const isPossible = rate.nextAt <= wallNow + AHEAD_MAX_MS.confirmations.asking + intervalMs;
  let nextAt = isPossible ? Math.max(wallNow, rate.nextAt) : wallNow;
  const waitsMs: number[] = [];
  for (; waitsMs.length < wanted && nextAt <= furthest; nextAt += intervalMs) {
    waitsMs.push(Math.ceil(nextAt - wallNow));
  }
  if (waitsMs.length === 0) return { rate, reservation: later(nextAt - furthest, "pace") };
  return { rate: { ...rate, nextAt }, reservation: { kind: "go", waitsMs, limitPerSecond } };
}

function later(afterMs: number, why: string): Reservation {
  return { kind: "later", afterMs: Math.ceil(afterMs), why };
}

/** What an answer tells of the rate: the limit of its header, and how long to stay away (429). */
export type Observation = {
  readonly limitPerSecond: number | null;
  readonly holdMs: number;
  readonly why: string;
};

/** The rate after an answer. A new limit holds from the next reservation on; a hold is never shortened. */
export function observe(rate: Rate, seen: Observation, wallNow: number): Rate {
  const limitPerSecond = seen.limitPerSecond ?? rate.limitPerSecond;
  const changed = limitPerSecond !== rate.limitPerSecond;
  const heldUntil = wallNow + seen.holdMs;
  const holds = seen.holdMs > 0 && heldUntil > rate.heldUntil;
  return {
    limitPerSecond,
    nextAt: changed ? Math.min(rate.nextAt, wallNow + 1000 / (limitPerSecond ?? 1)) : rate.nextAt,
    heldUntil: holds ? heldUntil : rate.heldUntil,
    heldWhy: holds ? seen.why : rate.heldWhy,
  };
}
