/** The two lanes of mail: a weekly run never delays a confirmation. */
export type Lane = "letters" | "confirmations";

/** Where the rate stands. Instants are epoch ms of real time. */
export type Rate = {
  /** Calls a second that the provider allows the whole team, as its headers said last; null before the first answer. */
  readonly limitPerSecond: number | null;
  readonly nextLetterAt: number;
  readonly nextConfirmationAt: number;
  /** Nobody calls before this instant: the provider said so. */
  readonly heldUntil: number;
  readonly heldWhy: string;
};

export const INITIAL_RATE: Rate = {
  limitPerSecond: null,
  nextLetterAt: 0,
  nextConfirmationAt: 0,
  heldUntil: 0,
  heldWhy: "",
};

/** The lowest limit that Resend has documented (resend.com/docs/api-reference/rate-limit), until its headers tell. */
const LIMIT_UNTIL_KNOWN = 2;

// Calls do not arrive as evenly as they leave; this much below the limit, a second rarely holds one too many.
const LETTERS_SHARE = 0.975;

/** Whoever would have to wait longer than this comes back instead: a reserved call keeps its consumer. */
const WAIT_MAX_MS = 20_000;

export type Reservation =
  /** Call after `waitMs`. `limitPerSecond` is what the Guard believes. */
  | { readonly kind: "go"; readonly waitMs: number; readonly limitPerSecond: number | null }
  /** Nothing was reserved; come back after `afterMs`. */
  | { readonly kind: "later"; readonly afterMs: number; readonly why: string };

/**
 * Reserves one call. Letters leave evenly, a little below the limit; a confirmation takes the next place at once and moves
 * the letters back by one, so that the lanes together keep the limit. Places further ahead than anybody may wait come from a
 * clock that was set back, and are forgotten.
 */
export function reserve(
  rate: Rate,
  lane: Lane,
  wallNow: number,
): { readonly rate: Rate; readonly reservation: Reservation } {
  const { limitPerSecond } = rate;
  const refuse = (afterMs: number, why: string) => ({
    rate,
    reservation: { kind: "later" as const, afterMs, why },
  });
  if (rate.heldUntil > wallNow) return refuse(rate.heldUntil - wallNow, rate.heldWhy);
  const intervalMs = 1000 / (limitPerSecond ?? LIMIT_UNTIL_KNOWN);
  const furthest = wallNow + WAIT_MAX_MS + intervalMs;
  const nextOf = (place: number) => (place > furthest + intervalMs ? wallNow : Math.max(wallNow, place));
  const nextLetterAt = nextOf(rate.nextLetterAt);
  const at = lane === "letters" ? nextLetterAt : nextOf(rate.nextConfirmationAt);
  const waitMs = Math.ceil(at - wallNow);
  if (waitMs > WAIT_MAX_MS) return refuse(waitMs, "pace");
  const next =
    lane === "letters"
      ? { nextLetterAt: at + intervalMs / LETTERS_SHARE }
      : {
          nextConfirmationAt: at + intervalMs,
          nextLetterAt: Math.min(nextLetterAt + intervalMs, furthest),
        };
  return { rate: { ...rate, ...next }, reservation: { kind: "go", waitMs, limitPerSecond } };
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
    nextLetterAt: changed
      ? Math.min(rate.nextLetterAt, wallNow + 1000 / (limitPerSecond ?? 1))
      : rate.nextLetterAt,
    nextConfirmationAt: rate.nextConfirmationAt,
    heldUntil: holds ? heldUntil : rate.heldUntil,
    heldWhy: holds ? seen.why : rate.heldWhy,
  };
}
