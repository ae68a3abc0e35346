import { integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

/** Messages that the local mailbox took. (key, place) makes a repeated call store nothing new. */
export const mailboxMessages = sqliteTable(
  "mailbox_messages",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    idempotencyKey: text("idempotency_key").notNull(),
    place: integer("place").notNull(),
    recipient: text("recipient").notNull(),
    sender: text("sender").notNull(),
    replyTo: text("reply_to").notNull(),
    subject: text("subject").notNull(),
    html: text("html").notNull(),
    text: text("text").notNull(),
    headers: text("headers", { mode: "json" }).$type<Readonly<Record<string, string>>>().notNull(),
    tags: text("tags", { mode: "json" })
      .$type<ReadonlyArray<{ readonly name: string; readonly value: string }>>()
      .notNull(),
    sentAt: integer("sent_at").notNull(),
  },
  (table) => [uniqueIndex("mailbox_messages_once").on(table.idempotencyKey, table.place)],
);

/** One row: how far the mailbox's clock has been moved ahead of real time. */
export const mailboxClock = sqliteTable("mailbox_clock", {
  id: integer("id").primaryKey(),
  skippedMs: integer("skipped_ms").notNull(),
});
