import type { Db } from "../db/client.ts";
import type { MailProvider } from "./mail-provider.ts";
import { readStoredTags, storeMessages } from "./queries.ts";

const CONFLICT = {
  kind: "refused",
  status: 409,
  name: "invalid_idempotent_request",
  retryAfterSeconds: null,
  limitPerSecond: null,
} as const;

/**
 * The mailbox: keeps the messages in D1 instead of sending them. Like Resend it answers a repeated key with the same ids,
 * and refuses it with other messages. `now` is the mailbox's clock.
 */
export function mailboxProvider(db: Db, now: number): MailProvider {
  return {
    rateLimited: false,
    listSent: async () => null,
    quotaResetsAt: async () => null,
    forgetSuppression: async () => true,
    readDomain: async () => null,
    readUsage: async () => null,
    readWebhook: async () => null,
    setUpWebhook: async () => null,
    send: async ({ idempotencyKey, messages }) => {
      await storeMessages(db, idempotencyKey, messages, now);
      const stored = await readStoredTags(db, idempotencyKey);
      const same =
        stored.length === messages.length &&
        messages.every((message, place) => JSON.stringify(message.tags) === JSON.stringify(stored[place]));
      if (!same) return { ...CONFLICT };
      return {
        kind: "accepted",
        ids: messages.map((_, place) => `${idempotencyKey}-${place}`),
        rejected: [],
        limitPerSecond: null,
      };
    },
  };
}
