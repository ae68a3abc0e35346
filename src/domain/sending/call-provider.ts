import { logEvent } from "../../platform/log/log-event.ts";
import { raiseAlert } from "../../platform/log/queries.ts";
import { tellAlerts } from "../../platform/log/tell-alerts.ts";
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

/**
 * Notes whether the provider answered. A failure (no answer, or one that leaves the outcome open) is told to the Guard at once, and to the owner where it's an
 * outage; an answer with the next question. Returns whether the provider doesn't answer at all.
 */
export async function noteAnswer(
  deps: Pick<Services, "db" | "config" | "guard" | "now" | "wallNow">,
  call: { readonly batchId: number; readonly answered: number[] },
  answer: ProviderAnswer,
): Promise<boolean> {
  // That the same key is in progress is an answer, too.
  if (answer.kind !== "unanswered" || answer.cause === "concurrent_idempotent_requests") {
    call.answered.push(call.batchId);
    return false;
  }
  const { outage } = await deps.guard.report(
    { answered: call.answered.splice(0), failed: call.batchId },
    deps.wallNow(),
  );
  if (outage) {
    logEvent("provider.outage", { cause: answer.cause });
    await raiseAlert(deps.db, { name: "provider.outage", detail: answer.cause, now: deps.now });
    await tellAlerts(deps);
  }
  return outage;
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
