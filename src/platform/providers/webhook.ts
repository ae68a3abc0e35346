import type { Resend } from "resend";
import * as z from "zod";
import type { SeenWebhook } from "./mail-provider.ts";

/** What Resend reports of a letter and we want to hear (resend.com/docs/webhooks/event-types). */
const WEBHOOK_EVENTS = [
  "email.sent",
  "email.delivered",
  "email.delivery_delayed",
  "email.bounced",
  "email.complained",
  "email.failed",
  "email.suppressed",
] as const;

const TIMEOUT_MS = 5000;
/** More than a team has. */
const WEBHOOKS_MAX = 100;

// resend.com/docs/api-reference/webhooks: what isn't said counts as not so.
const webhook = z.object({
  id: z.string(),
  endpoint: z.string(),
  status: z.string().nullish(),
  events: z.array(z.string()).nullish(),
});
const listAnswer = z.object({ data: z.array(webhook) });
const withSecret = z.object({ signing_secret: z.string().min(1) });

/** How the webhook of an address stands; null where it can't be asked, as with a key that may only send. */
export async function readWebhook(resend: Resend, url: string): Promise<SeenWebhook | null> {
  const read = listAnswer.safeParse(await answerOf(resend.get(`/webhooks?limit=${WEBHOOKS_MAX}`, inTime())));
  if (!read.success) return null;
  const own = read.data.data.find(({ endpoint }) => endpoint === url);
  if (own === undefined) return { kind: "none" };
  const heard = new Set(own.events ?? []);
  const whole = own.status === "enabled" && WEBHOOK_EVENTS.every((event) => heard.has(event));
  return { kind: whole ? "whole" : "faulty", id: own.id };
}

/**
 * Sets the webhook of an address up, or makes a faulty one whole. Idempotent. Returns its signing secret, empty where it isn't
 * told; null where nothing could be done.
 */
export async function setUpWebhook(resend: Resend, url: string): Promise<{ readonly secret: string } | null> {
  const seen = await readWebhook(resend, url);
  if (seen === null) return null;
  const wanted = { endpoint: url, events: WEBHOOK_EVENTS };
  if (seen.kind === "none") {
    const made = await answerOf(resend.post("/webhooks", wanted, inTime()));
    return made === null ? null : secretIn(made);
  }
  const path = `/webhooks/${encodeURIComponent(seen.id)}`;
  if (seen.kind === "faulty") {
    const mended = await answerOf(resend.patch(path, { ...wanted, status: "enabled" }, inTime()));
    if (mended === null) return null;
  }
  return secretIn(await answerOf(resend.get(path, inTime())));
}

/** Made is made, also where the answer doesn't tell the secret. */
function secretIn(answer: unknown): { readonly secret: string } {
  const told = withSecret.safeParse(answer);
  return { secret: told.success ? told.data.signing_secret : "" };
}

const inTime = () => ({ signal: AbortSignal.timeout(TIMEOUT_MS) });

async function answerOf(asked: Promise<{ readonly data: unknown }>): Promise<unknown> {
  return (await asked.catch(() => null))?.data ?? null;
}
