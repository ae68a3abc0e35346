import { batch } from "../../platform/db/batch.ts";
import { recordAct, recordIntent } from "../acts/queries/acts.ts";
import type { Services } from "../services.ts";
import { webhookUrl } from "./check-sender.ts";

/**
 * Has the provider report to us: makes the webhook, or makes a faulty one whole. Returns its signing secret (empty where the provider
 * doesn't tell it), or null where nothing could be done. Kept as an act, before and after. Idempotent.
 */
export async function setUpWebhook({
  db,
  provider,
  config,
  by,
  now,
}: Pick<Services, "db" | "provider" | "config" | "by" | "now">): Promise<{ readonly secret: string } | null> {
  const act = { at: now, verb: "set_up_webhook", object: "webhook:resend" } as const;
  await recordIntent(db, by, { ...act, changed: {} });
  const done = await provider.setUpWebhook(webhookUrl(config));
  await batch(db, { act: recordAct(by, { ...act, changed: { done: done !== null } }) });
  return done;
}
