import { createHmac, randomUUID } from "node:crypto";
import { type AcceptedMessage, type Account, accountNow, type SignedEvent } from "./account.ts";

/** What becomes of a message goes by its local part, as with Resend's own test addresses. */
const FATES: ReadonlyArray<readonly [prefix: string, type: string, details: Record<string, unknown>]> = [
  [
    "bounce-hard",
    "email.bounced",
    { bounce: bounce("Permanent", "NoEmail", "smtp; 550 5.1.1 user unknown") },
  ],
  [
    "bounce-soft",
    "email.bounced",
    { bounce: bounce("Transient", "MailboxFull", "smtp; 452 4.2.2 mailbox full") },
  ],
  ["bounce-policy", "email.bounced", { bounce: bounce("Permanent", "General", "smtp; 550 5.7.1 blocked") }],
  ["complain", "email.complained", {}],
  ["fail", "email.failed", { failed: { reason: "reached_daily_quota" } }],
  ["delay", "email.delivery_delayed", {}],
];

function bounce(type: string, subType: string, diagnostic: string) {
  return { type, subType, message: "The message was not taken.", diagnosticCode: [diagnostic] };
}

/** Makes the events of an accepted message: sent, then its fate. */
export function eventsOf(account: Account, message: AcceptedMessage): SignedEvent[] {
  const onList = account.suppressed.has(message.to.toLowerCase());
  const fate = onList
    ? (["", "email.suppressed", { suppressed: suppressedDetails() }] as const)
    : FATES.find(([prefix]) => message.to.startsWith(prefix));
  const [, type, details] = fate ?? ["", "email.delivered", {}];
  message.last_event = type.replace("email.", "");
  if (type === "email.bounced" && message.to.startsWith("bounce-hard"))
    account.suppressed.add(message.to.toLowerCase());
  return [signedEvent(account, message, "email.sent", {}), signedEvent(account, message, type, details)];
}

function suppressedDetails() {
  return {
    type: "OnAccountSuppressionList",
    reason: "previous_bounce",
    message: "On the list.",
    diagnosticCode: [],
  };
}

/** An event as Resend signs it (Standard Webhooks: HMAC-SHA-256 over id, timestamp and raw body). */
export function signedEvent(
  account: Account,
  message: AcceptedMessage,
  type: string,
  details: Record<string, unknown>,
): SignedEvent {
  const at = new Date(accountNow(account)).toISOString();
  const body = JSON.stringify({
    type,
    created_at: at,
    data: {
      email_id: message.id,
      message_id: `<${message.id}@emulator.themepost.dev>`,
      created_at: message.created_at,
      from: message.from,
      to: [message.to],
      subject: message.subject,
      tags: Object.fromEntries(message.tags.map(({ name, value }) => [name, value])),
      ...details,
    },
  });
  return sign(account.settings.webhookSecret, body);
}

/** Signs any body; `at` is the timestamp in seconds. */
function sign(
  secret: string,
  body: string,
  id = `msg_${randomUUID()}`,
  at = Math.floor(Date.now() / 1000),
): SignedEvent {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const signature = createHmac("sha256", key).update(`${id}.${at}.${body}`).digest("base64");
  return {
    headers: {
      "content-type": "application/json",
      "svix-id": id,
      "svix-timestamp": String(at),
      "svix-signature": `v1,${signature}`,
    },
    body,
  };
}

/** Posts events to the account's webhook in its mode, or keeps them to be fetched. */
export async function deliver(account: Account, events: readonly SignedEvent[]): Promise<void> {
  const { webhookUrl, webhookMode } = account.settings;
  if (webhookUrl === null) {
    account.events.push(...events);
    return;
  }
  const order = webhookMode === "reversed" ? [...events].reverse() : events;
  for (const event of webhookMode === "twice" ? [...order, ...order] : order) {
    await fetch(webhookUrl, { method: "POST", headers: event.headers, body: event.body })
      .then((answer) => answer.text())
      .catch(() => undefined);
  }
}
