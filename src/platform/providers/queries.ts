import { sql } from "drizzle-orm";
import { batch } from "../db/batch.ts";
import type { Db } from "../db/client.ts";
import { field, jsonRows } from "../db/json-rows.ts";
import { mailboxMessages } from "../db/schema/index.ts";
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
  const insert = (from: number) =>
    sql`
      insert into ${mailboxMessages} (idempotency_key, place, recipient, sender, reply_to, subject, html, text, headers,
        tags, sent_at)
      select ${idempotencyKey}, ${field("place")}, ${field("to")}, ${field("from")}, ${field("replyTo")},
        ${field("subject")}, ${field("html")}, ${field("text")}, ${field("headers")}, ${field("tags")}, ${sentAt}
      from ${jsonRows(rows.slice(from, from + MESSAGES_PER_STATEMENT))} r where true
      on conflict (idempotency_key, place) do nothing`;
  const starts = rows.map((_, place) => place).filter((place) => place % MESSAGES_PER_STATEMENT === 0);
  await batch(db, starts.map(insert));
}

/** The tags of the messages stored under a key, as JSON, in their places. */
export async function readStoredTags(db: Db, idempotencyKey: string): Promise<string[]> {
  const rows = await db.all<{ tags: string }>(
    sql`select tags from ${mailboxMessages} where idempotency_key = ${idempotencyKey} order by place`,
  );
  return rows.map((row) => row.tags);
}
