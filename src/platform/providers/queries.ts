import { asc, eq, sql } from "drizzle-orm";
import { batch } from "../db/batch.ts";
import type { Db } from "../db/client.ts";
import { rowsOf } from "../db/json-rows.ts";
import { mailboxMessages } from "../db/schema/index.ts";
import { insertFrom, onConflict } from "../db/write.ts";
import type { OutboundMessage } from "./mail-provider.ts";

/** One parameter may have 2 MB (developers.cloudflare.com/d1/platform/limits); a letter comes to 80 KB at most. */
const MESSAGES_PER_STATEMENT = 10;

/** Stores the messages of a call, all or nothing; a repeat under the same key stores nothing new. */
export async function storeMessages(
  db: Db,
  idempotencyKey: string,
  messages: readonly OutboundMessage[],
  sentAt: number,
): Promise<void> {
  const rows = messages.map((message, place) => ({ ...message, place }));
  const insert = (from: number) => {
    const some = rowsOf(rows.slice(from, from + MESSAGES_PER_STATEMENT));
    return insertFrom(
      mailboxMessages,
      {
        idempotencyKey,
        place: some.of("place"),
        recipient: some.of("to"),
        sender: some.of("from"),
        replyTo: some.of("replyTo"),
        subject: some.of("subject"),
        html: some.of("html"),
        text: some.of("text"),
        headers: some.of("headers"),
        tags: some.of("tags"),
        sentAt,
      },
      sql`from ${some.from} where true ${onConflict(mailboxMessages, ["idempotencyKey", "place"])}`,
    );
  };
  const starts = rows.map((_, place) => place).filter((place) => place % MESSAGES_PER_STATEMENT === 0);
  await batch(db, Object.fromEntries(starts.map((from) => [`from${from}`, insert(from)])));
}

/** The tags of the messages stored under a key, in their places. */
export async function readStoredTags(db: Db, idempotencyKey: string) {
  const rows = await db
    .select({ tags: mailboxMessages.tags })
    .from(mailboxMessages)
    .where(eq(mailboxMessages.idempotencyKey, idempotencyKey))
    .orderBy(asc(mailboxMessages.place));
  return rows.map((row) => row.tags);
}
