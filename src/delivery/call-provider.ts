import type { Lane, Reservation } from "../guard/pace.ts";
import type { OutboundMessage, ProviderAnswer } from "../providers/mail-provider.ts";
import { CALL_TIMEOUT_MS } from "./compose-attempt.ts";
import type { DeliveryDeps } from "./deps.ts";

/** Reserves a call at the provider's pace and waits for its turn; `later` where the wait would be too long. */
export async function reserveCall(
  deps: Pick<DeliveryDeps, "provider" | "guard" | "wallNow" | "wait">,
  lane: Lane,
): Promise<Reservation> {
  if (!deps.provider.paced) return { kind: "go", waitMs: 0, limitPerSecond: null };
  const reservation = await deps.guard.reserve(lane, deps.wallNow());
  if (reservation.kind === "go" && reservation.waitMs > 0) await deps.wait(reservation.waitMs);
  return reservation;
}

/** One call, ended after 30 s. */
export function callProvider(
  deps: Pick<DeliveryDeps, "provider">,
  idempotencyKey: string,
  messages: readonly OutboundMessage[],
): Promise<ProviderAnswer> {
  return deps.provider.send({ idempotencyKey, messages, signal: AbortSignal.timeout(CALL_TIMEOUT_MS) });
}
