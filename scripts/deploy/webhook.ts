import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { Resend } from "resend";
import { setUpWebhook } from "../../src/platform/providers/webhook.ts";

/**
 * Sets the webhook of an installation up at Resend, and writes its signing secret into the file of settings. Returns the secret; null where the key
 * may only send, so that it has to be done by hand.
 */
export async function ensureWebhook(
  settings: Readonly<Record<string, string>>,
  file: string,
): Promise<string | null> {
  const { RESEND_API_KEY: key = "", RESEND_BASE_URL: baseUrl, PUBLIC_URL: url } = settings;
  const resend = new Resend(key, baseUrl === undefined ? {} : { baseUrl });
  const made = await setUpWebhook(resend, `${url}/webhooks/resend`);
  if (made === null || made.secret === "") return null;
  // A file of its own first: what's written in place may be cut short, and keeps the rights that it had.
  const whole = `${file}.new`;
  writeFileSync(whole, withVariable(readFileSync(file, "utf8"), "RESEND_WEBHOOK_SECRET", made.secret), {
    mode: 0o600,
  });
  renameSync(whole, file);
  return made.secret;
}

/** A file of variables with one of them set: in its place where it's there, else at the end. */
export function withVariable(text: string, name: string, value: string): string {
  const line = `${name}=${value}`;
  const own = new RegExp(`^\\s*(?:export\\s+)?${name}\\s*=.*$`, "m");
  return own.test(text) ? text.replace(own, () => line) : `${text.replace(/\n*$/, "\n")}${line}\n`;
}
