import type { Context } from "hono";
import { Resend } from "resend";
import * as z from "zod";
import { readEvent } from "../../domain/feedback/read-event.ts";
import { takeFeedback } from "../../domain/feedback/take-feedback.ts";
import { keepUnreadable } from "../../domain/feedback/unread.ts";
import { noteProbe } from "../../domain/sending/probe.ts";
import { logEvent } from "../../platform/log/log-event.ts";
import { endpoint, reply } from "..//api/endpoint.ts";
import type { AppEnv } from "../ui/app-env.ts";

/**
 * What the provider reports. 401 for a signature that doesn't hold (or is older than five minutes), 200 for everything that need
 * not come again, the ignored included, and the unreadable, which are kept; an error of ours answers 500, and the provider comes again.
 */
export const WEBHOOKS = [
  endpoint({
    method: "post",
    path: "/webhooks/resend",
    name: "takeFeedback",
    tag: "Service",
    summary: "Signed events of the provider (Standard Webhooks)",
    open: true,
    body: z.looseObject({}).meta({ description: "An event, as the provider describes it" }),
    readsItsBody: true,
    answers: {
      200: {
        description: "Taken, repeated, parked or ignored",
        schema: z.object({
          result: z.enum(["taken", "repeated", "parked", "probe"]).optional(),
          ignored: z.string().optional(),
        }),
      },
    },
    problems: {
      not_signed: "The signature is wrong, or older than five minutes",
      not_set_up: "RESEND_WEBHOOK_SECRET isn't set",
    },
    act: null,
    run: (c) => take(c),
  }),
];

async function take(c: Context<AppEnv>) {
  const { provider } = c.var.config;
  if (provider.kind !== "resend" || provider.webhookSecret === undefined) {
    const detail =
      "RESEND_WEBHOOK_SECRET isn't set; docs/operations/set-up.md (The webhook by hand) says how to set it.";
    return { code: "not_set_up", detail } as const;
  }
  const svixId = c.req.header("svix-id") ?? "";
  const body = await c.req.text();
  if (!verified(c, body, svixId, provider)) {
    logEvent("feedback.bad_signature", {});
    const detail = "The signature is wrong, or older than five minutes.";
    return { code: "not_signed", detail } as const;
  }
  const reading = readEvent(parsed(body), c.var.config.instance, await c.var.now());
  switch (reading.kind) {
    case "ignored":
      return reply(200, { ignored: reading.why });
    case "unreadable":
      await keepUnreadable(await c.var.services(), svixId, body);
      return reply(200, { ignored: "unreadable" });
    case "probe":
      await noteProbe(c.var.db, reading.id, reading.what, reading.at);
      return reply(200, { result: "probe" });
    case "letter": {
      const result = await takeFeedback(await c.var.services(), svixId, reading.event);
      return reply(200, { result });
    }
  }
}

/** The value of a JSON text; undefined where it's none. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
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
