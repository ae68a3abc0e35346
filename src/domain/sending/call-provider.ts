import type { Sending } from "../../platform/guard/guard-port.ts";
import type { Lane, Reservation } from "../../platform/guard/rate.ts";
import type { OutboundMessage, ProviderAnswer } from "../../platform/providers/mail-provider.ts";
import type { Services } from "../services.ts";
import { CALL_TIMEOUT_MS } from "./compose-attempt.ts";

/**
 * Reserves a call at the provider's rate and waits for its turn; `later` where the wait would be too long. `sending` says
 * whether mail may leave at all; where it may not, nothing was reserved.
 */
export async function reserveCall(
  deps: Pick<Services, "provider" | "guard" | "wallNow" | "wait">,
  lane: Lane,
): Promise<{ readonly sending: Sending; readonly reservation: Reservation }> {
  const answer = await deps.guard.reserve(lane, deps.provider.rateLimited, deps.wallNow());
  const { reservation } = answer;
  if (reservation.kind === "go" && reservation.waitMs > 0) await deps.wait(reservation.waitMs);
  return answer;
}

/** One call, ended after 30 s. */
export function callProvider(
  deps: Pick<Services, "provider">,
  idempotencyKey: string,
  messages: readonly OutboundMessage[],
): Promise<ProviderAnswer> {
  return deps.provider.send({ idempotencyKey, messages, signal: AbortSignal.timeout(CALL_TIMEOUT_MS) });
}

/** A changed rate limit is passed on at once, so that the other consumers keep it too. */
export async function noteLimit(
  deps: Pick<Services, "guard" | "wallNow">,
  believed: number | null,
  answer: ProviderAnswer,
): Promise<void> {
  const { limitPerSecond } = answer;
  if (limitPerSecond === null || limitPerSecond === believed) return;
  await deps.guard.observe({ limitPerSecond, holdMs: 0, why: "" }, deps.wallNow());
}
