import type { PlacesWanted } from "./guard-port.ts";
import { type Asking, type Observation, observe, type Rate, type Reservation, reserve } from "./rate.ts";

/** Who has no place by then puts their batch back on the queue. */
const WAIT_MAX_MS = 20_000;

/** The places in the provider's rate, as the Guard gives them away. Only in memory: they may be forgotten. */
export class Places {
  rate: Rate;
  private readonly mayLeave: () => boolean;

  /** Where mail may not leave anyway (`mayLeave`), no place is used up. */
  constructor(rate: Rate, mayLeave: () => boolean) {
    this.rate = rate;
    this.mayLeave = mayLeave;
  }

  /** The places that are free now. */
  give({ lane, rateLimited, wanted }: PlacesWanted, from: Asking["from"], wallNow: number): Reservation {
    if (!rateLimited || !this.mayLeave()) {
      const waitsMs = Array.from({ length: wanted }, () => 0);
      return { kind: "go", waitsMs, limitPerSecond: this.rate.limitPerSecond };
    }
    const { rate, reservation } = reserve(this.rate, { lane, wanted, from }, wallNow);
    this.rate = rate;
    return reservation;
  }

  /** The same, waiting until one is free. */
  async wait(asking: PlacesWanted, wallNow: number): Promise<Reservation> {
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

  observe(seen: Observation, wallNow: number): void {
    this.rate = observe(this.rate, seen, wallNow);
  }

  /** Ends a hold that the provider asked for. */
  release(): void {
    this.rate = { ...this.rate, heldUntil: 0, heldWhy: "" };
  }
}
