import type { Sending } from "../../platform/guard/guard-port.ts";
import type { Lane, Reservation } from "../../platform/guard/rate.ts";
import type { Services } from "../services.ts";
import { reserveCall } from "./call-provider.ts";
import type { SendResult } from "./send-result.ts";

/** Longer than the worst provider call, shorter than the cron period. */
export const LEASE_MS = 120_000;
/** How long a batch waits that a switch keeps back. Resuming does not wait for it. */
export const WITHHELD_MS = 15 * 60_000;

type Lease = { readonly token: string; readonly wallNow: number; readonly leaseMs: number };
/** A turn to call the provider: what a claim is leased by, and what the Guard said. */
export type Turn = {
  readonly kind: "go";
  readonly lease: Lease;
  readonly sending: Sending;
  readonly reservation: Reservation;
};

/** Waits for a place in the provider's rate. `later` where none comes soon, or where the database must be re-armed first. */
export async function takeTurn(
  deps: Services,
  lane: Lane,
): Promise<Turn | Extract<SendResult, { readonly kind: "later" }>> {
  const { sending, reservation } = await reserveCall(deps, lane);
  // A quota may last for weeks: the batch is claimed all the same, so that its letters are held when their time is over.
  if (reservation.kind === "later" && !isQuota(reservation)) return reservation;
  if (sending === "disarmed") return { kind: "later", afterMs: WITHHELD_MS, why: sending };
  const lease = { token: deps.random(), wallNow: deps.wallNow(), leaseMs: LEASE_MS };
  return { kind: "go", lease, sending, reservation };
}

/** Whether letters wait because the account's quota is used up. */
export function isQuota(reservation: Reservation): boolean {
  return reservation.kind === "later" && reservation.why.endsWith("quota");
}
