import type { Sending } from "../../platform/guard/guard-port.ts";
import type { Lane } from "../../platform/guard/rate.ts";
import type { Services } from "../services.ts";
import type { SendResult } from "./send-result.ts";

/** Longer than the worst provider call, shorter than the cron period. */
export const LEASE_MS = 120_000;
/** How long a batch waits that a switch keeps back. Resuming does not wait for it. */
export const WITHHELD_MS = 15 * 60_000;
/** Provider calls and D1 take turns: while one batch waits for the provider, another is prepared. */
export const BATCHES_AT_ONCE = 4;
/** A place that is over for longer is not used any more, so that a stall is never followed by a rush. */
const PLACE_KEPT_MS = 2000;

type Lease = { readonly token: string; readonly wallNow: number; readonly leaseMs: number };
type Later = Extract<SendResult, { readonly kind: "later" }>;

/** A place in the provider's rate: from when on the call may be made, and what the Guard said with it. */
type Place = {
  readonly at: number;
  readonly sending: Sending;
  /** Whether letters wait because the account's quota is used up. */
  readonly quota: boolean;
  readonly limitPerSecond: number | null;
};

/** A turn to call the provider: what a claim is leased by, and its place. */
export type Turn = Place & {
  readonly kind: "go";
  readonly lane: Lane;
  readonly lease: Lease;
  /** The product's time, which an invocation that waits leaves behind. */
  readonly now: () => number;
  /** How many more places could be used. */
  readonly wanted: () => number;
  /** Ends the turn. Others may go after each of `nextWaitsMs`, counted from `asked`. Only the first time counts. */
  readonly end: (nextWaitsMs?: readonly number[], asked?: number) => void;
  /** Ends the turn before a call was made: its place is for another. */
  readonly giveBack: () => void;
  /** The batches whose calls were answered since the Guard was asked last; it's told with the next question. */
  readonly answered: number[];
};

/** The turns of an invocation that works on so many batches. */
export type Turns = {
  /**
   * Waits for a place in the provider's rate. `later` where none comes soon, where the provider doesn't answer (but for a batch that may have
   * been sent already, `again`), or where the database must be re-armed first.
   */
  readonly take: (again?: boolean) => Promise<Turn | Later>;
  /** Tells the Guard what it wasn't asked anything after. */
  readonly close: () => Promise<void>;
  /** The product's time. */
  readonly now: () => number;
};

/**
 * Opens the turns of an invocation on a lane, which works on `batches` at most, each in a turn of its own. The Guard is asked where no place
 * is left over and none will come with a call that is on its way to it: so once for all in most cases.
 */
export function openTurns(
  deps: Pick<Services, "guard" | "provider" | "now" | "wallNow" | "wait" | "random">,
  lane: Lane,
  batches: number,
): Turns {
  const places: Place[] = [];
  const answered: number[] = [];
  const waiting: Array<(refusal: Later | null) => void> = [];
  let left = batches;
  let onTheirWay = 0;
  const aheadMs = deps.now - deps.wallNow();
  const now = () => deps.wallNow() + aheadMs;
  const wanted = () => Math.max(0, Math.min(left, BATCHES_AT_ONCE) - places.length);
  const arrived = (given: readonly Place[], refusal: Later | null) => {
    onTheirWay -= 1;
    places.push(...given);
    for (const goOn of waiting.splice(0)) goOn(refusal);
  };

  async function ask(again: boolean): Promise<Later | null> {
    const asked = deps.wallNow();
    let given: Place[] = [];
    let refusal: Later | null = null;
    onTheirWay += 1;
    try {
      const asking = {
        lane,
        rateLimited: deps.provider.rateLimited,
        wanted: again ? 1 : Math.max(1, wanted()),
        again,
        answered: answered.splice(0),
      };
      const { sending, reservation } = await deps.guard.reserve(asking, asked);
      if (reservation.kind === "go") {
        const { waitsMs, limitPerSecond } = reservation;
        given = waitsMs.map((waitMs) => ({ at: asked + waitMs, sending, quota: false, limitPerSecond }));
      } else if (reservation.why.endsWith("quota")) {
        // A quota may last for weeks: the batch is claimed all the same, so that its letters are held when their time is over.
        given = [{ at: asked, sending, quota: true, limitPerSecond: null }];
      } else refusal = reservation;
    } finally {
      arrived(given, refusal);
    }
    return refusal;
  }

  async function nextPlace(again: boolean): Promise<Place | Later> {
    for (;;) {
      for (let place = places.shift(); place !== undefined; place = places.shift()) {
        if (place.at > deps.wallNow() - PLACE_KEPT_MS) return place;
      }
      const refusal =
        again || onTheirWay === 0
          ? await ask(again)
          : await new Promise<Later | null>((resolve) => waiting.push(resolve));
      if (refusal !== null) return refusal;
    }
  }

  function turnAt(place: Place): Omit<Turn, "lease"> {
    let ended = false;
    onTheirWay += 1;
    const end = (given: readonly Place[]) => {
      if (!ended) arrived(given, null);
      ended = true;
    };
    const next = (at: number): Place => ({ ...place, at });
    return {
      ...place,
      kind: "go",
      lane,
      answered,
      now,
      wanted,
      end: (nextWaitsMs = [], asked = 0) => end(nextWaitsMs.map((waitMs) => next(asked + waitMs))),
      giveBack: () => end([place]),
    };
  }

  return {
    now,
    close: async () => {
      if (answered.length === 0) return;
      await deps.guard
        .report({ answered: answered.splice(0), failed: null }, deps.wallNow())
        .catch(() => undefined);
    },
    take: async (again = false) => {
      const place = await nextPlace(again).finally(() => {
        left -= 1;
      });
      if ("kind" in place) return place;
      if (place.sending === "disarmed") return { kind: "later", afterMs: WITHHELD_MS, why: place.sending };
      const turn = turnAt(place);
      const waitMs = place.at - deps.wallNow();
      if (waitMs > 0) await deps.wait(waitMs);
      return { ...turn, lease: { token: deps.random(), wallNow: deps.wallNow(), leaseMs: LEASE_MS } };
    },
  };
}
