import { answered, type Breaker, blockedMs, CLOSED, failed, letThrough } from "./breaker.ts";
import type { Calling, Ended, PlacesWanted } from "./guard-port.ts";
import { type Asking, type Observation, observe, type Rate, type Reservation, reserve } from "./rate.ts";

/** Who has no place by then puts their batch back on the queue. */
const WAIT_MAX_MS = 20_000;
/** While the provider doesn't answer, a person waits for a confirmation; letters can wait for minutes, and there may be many. */
const LETTERS_WAIT_MS = 5 * 60_000;

/**
 * The places in the provider's rate, as the Guard gives them away, and whether the provider answers at all. Only in memory: the rate may be
 * forgotten, and an outage is learnt anew with four calls.
 */
export class Places {
  rate: Rate;
  private breaker: Breaker = CLOSED;
  private readonly mayLeave: () => boolean;

  /** Where mail may not leave anyway (`mayLeave`), no place is used up. */
  constructor(rate: Rate, mayLeave: () => boolean) {
    this.rate = rate;
    this.mayLeave = mayLeave;
  }

  /** Gives places to those who ask, waiting until one is free. */
  async wait(asking: PlacesWanted & Calling, wallNow: number): Promise<Reservation> {
    const { lane, again } = asking;
    this.breaker = answered(this.breaker, asking.answered, wallNow);
    const blocked = this.mayLeave() ? blockedMs(this.breaker, again, wallNow) : null;
    if (blocked !== null) {
      const afterMs = lane === "letters" && !again ? Math.max(blocked, LETTERS_WAIT_MS) : blocked;
      return { kind: "later", afterMs, why: "outage" };
    }
    for (let waitedMs = 0; ; ) {
      const reservation = this.give(asking, "asking", wallNow + waitedMs);
      if (reservation.kind === "go") {
        return { ...reservation, waitsMs: reservation.waitsMs.map((waitMs) => waitedMs + waitMs) };
      }
      const { why, afterMs } = reservation;
      if (why !== "pace" || waitedMs + afterMs > WAIT_MAX_MS) return reservation;
      await scheduler.wait(afterMs);
      waitedMs += afterMs;
    }
  }

  /** Gives places to those who call, as far as some are free now and the provider answers. */
  goOn(next: PlacesWanted, wallNow: number): Reservation {
    const blocked = blockedMs(this.breaker, false, wallNow);
    if (next.wanted === 0 || blocked !== null) return { kind: "later", afterMs: blocked ?? 0, why: "outage" };
    return this.give(next, "goingOn", wallNow);
  }

  /** Lets a call through: null, or after how long to try again, because the provider doesn't answer. */
  let({ batchId, again }: Pick<Calling, "again"> & { readonly batchId: number }, wallNow: number) {
    const blocked = blockedMs(this.breaker, again, wallNow);
    if (blocked === null) this.breaker = letThrough(this.breaker, batchId, wallNow);
    return blocked;
  }

  /** Notes how calls ended. Returns whether the rest must wait, because the provider doesn't answer. */
  report(ended: Ended, wallNow: number): boolean {
    this.breaker = answered(this.breaker, ended.answered, wallNow);
    if (ended.failed !== null) this.breaker = failed(this.breaker, ended.failed, wallNow);
    return blockedMs(this.breaker, false, wallNow) !== null;
  }

  observe(seen: Observation, wallNow: number): void {
    this.rate = observe(this.rate, seen, wallNow);
  }

  /** Ends a hold that the provider asked for, and what is known of an outage. */
  release(): void {
    this.rate = { ...this.rate, heldUntil: 0, heldWhy: "" };
    this.breaker = CLOSED;
  }

  private give(
    { lane, rateLimited, wanted }: PlacesWanted,
    from: Asking["from"],
    wallNow: number,
  ): Reservation {
    if (!rateLimited || !this.mayLeave()) {
      const waitsMs = Array.from({ length: wanted }, () => 0);
      return { kind: "go", waitsMs, limitPerSecond: this.rate.limitPerSecond };
    }
    const { rate, reservation } = reserve(this.rate, { lane, wanted, from }, wallNow);
    this.rate = rate;
    return reservation;
  }
}
