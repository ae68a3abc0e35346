import { type Context, Hono } from "hono";
import { Resend } from "resend";
import { readEvent } from "../../domain/feedback/read-event.ts";
import { takeFeedback } from "../../domain/feedback/take-feedback.ts";
import { logEvent } from "../../platform/log/log-event.ts";
import type { AppEnv } from "../ui/app-env.ts";
import { problem } from "../ui/problem.ts";

const NO_STORE = { "cache-control": "no-store" };

/**
 * POST /webhooks/resend: what the provider reports. 401 for a signature that does not hold (or is older than five minutes),
 * 200 for everything that need not come again, the ignored and unreadable included; an error of ours answers 500, and
 * the provider comes again.
 */
export function feedbackRoutes(): Hono<AppEnv> {
  return new Hono<AppEnv>().post("/resend", async (c) => {
    const { provider } = c.var.config;
    if (provider.kind !== "resend" || provider.webhookSecret === undefined) {
      return problem(503, "Not set up", "RESEND_WEBHOOK_SECRET is not set; docs/OPERATIONS.md says how.");
    }
    const svixId = c.req.header("svix-id") ?? "";
    const body = await c.req.text();
    if (!verified(c, body, svixId, provider)) {
      logEvent("feedback.bad_signature", {});
      return problem(401, "Not signed", "The signature does not hold, or is older than five minutes.");
    }
    const reading = readEvent(JSON.parse(body), c.var.config.instance);
    switch (reading.kind) {
      case "ignored":
        return c.json({ ignored: reading.why }, 200, NO_STORE);
      case "unreadable":
        logEvent("feedback.unreadable", { svixId });
        return c.json({ ignored: "unreadable" }, 200, NO_STORE);
      case "letter": {
        const result = await takeFeedback(await c.var.services(), svixId, reading.event);
        return c.json({ result }, 200, NO_STORE);
      }
    }
  });
}

/** Standard Webhooks: HMAC over the raw body, compared in constant time, five minutes of tolerance (standardwebhooks.com). */
function verified(
  c: Context<AppEnv>,
  payload: string,
  id: string,
  provider: { readonly apiKey: string; readonly webhookSecret: string | undefined },
): boolean {
  const timestamp = c.req.header("svix-timestamp") ?? "";
  const signature = c.req.header("svix-signature") ?? "";
  try {
    new Resend(provider.apiKey).webhooks.verify({
      payload,
      headers: { id, timestamp, signature },
      webhookSecret: provider.webhookSecret ?? "",
    });
    return true;
  } catch {
    return false;
  }
}
