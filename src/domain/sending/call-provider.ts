import type { OutboundMessage, ProviderAnswer } from "../../platform/providers/mail-provider.ts";
import type { Services } from "../services.ts";
import { CALL_TIMEOUT_MS } from "./compose-attempt.ts";

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
