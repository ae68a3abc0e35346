// npm run emulator: Resend's API on this machine, to point `npm start` at. PORT (8788) and RATE (calls a second, 10).
import { startResendEmulator } from "../test/support/resend-emulator/server.ts";
import { WEBHOOK_SECRET } from "../test/support/webhook-secret.ts";
import { fail } from "./project.ts";

/** Runs the emulator until it is stopped, and says what it accepts. */
export async function main(): Promise<void> {
  const port = Number(process.env.PORT ?? 8788);
  const ratePerSecond = Number(process.env.RATE ?? 10);
  const service = process.env.SERVICE_URL ?? "http://localhost:8787";
  if (!Number.isInteger(port) || !(ratePerSecond > 0)) fail("PORT and RATE must be numbers.");
  const emulator = await startResendEmulator({ lean: false, port, ratePerSecond });
  const account = emulator.account("re_emulator");
  account.settings = { ...account.settings, webhookUrl: `${service}/webhooks/resend` };
  console.log(`
This emulates Resend's API at ${emulator.url}, with ${ratePerSecond} calls a second. Events go to ${service}/webhooks/resend.

Point a trial at it with four lines in .dev.vars, and start it again:

  MAIL_PROVIDER=resend
  RESEND_API_KEY=re_emulator
  RESEND_BASE_URL=${emulator.url}
  RESEND_WEBHOOK_SECRET=${WEBHOOK_SECRET}

Addresses that begin with bounce-hard, bounce-soft, bounce-policy, complain, fail or delay meet that fate. One with refuse
is refused alone; one with poison gets its whole call refused. Accepted email: ${emulator.url}/_emulator/re_emulator
`);
  let shown = 0;
  setInterval(() => {
    for (const { to, subject, last_event } of account.accepted.slice(shown))
      console.log(`${to}  ${subject}  (${last_event})`);
    shown = account.accepted.length;
  }, 500);
}
