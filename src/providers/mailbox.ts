import type { Db } from "../db/client.ts";
import type { MailProvider } from "./mail-provider.ts";
import { storeMessages } from "./queries.ts";

/**
 * The mailbox: keeps the messages in D1 instead of sending them. Like Resend it answers a repeated key with the same
 * ids. `now` is the mailbox's clock.
 */
export function mailboxProvider(db: Db, now: number): MailProvider {
  return {
    send: async ({ idempotencyKey, messages }) => {
      await storeMessages(db, idempotencyKey, messages, now);
      return {
        kind: "accepted",
        ids: messages.map((_, place) => `${idempotencyKey}-${place}`),
        rejected: [],
      };
    },
  };
}
