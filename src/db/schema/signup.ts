import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { sequences } from "./sequences.ts";
import { subscribers } from "./subscribers.ts";

/** The exact text that people agreed to. Rows are never changed: a new text is a new version. */
export const wordings = sqliteTable("wordings", {
  version: text("version").primaryKey(),
  text: text("text").notNull(),
  firstUsedAt: integer("first_used_at").notNull(),
});

/**
 * The record of one act of consent: what was asked for, where and when, and when it was confirmed.
 * `confirmationId` is the random name of the one confirming request that won the compare-and-set.
 * `requestId` does the same for the request that made the row.
 */
export const consents = sqliteTable(
  "consents",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    subscriberId: integer("subscriber_id")
      .notNull()
      .references(() => subscribers.id),
    sequenceId: integer("sequence_id")
      .notNull()
      .references(() => sequences.id),
    wordingVersion: text("wording_version")
      .notNull()
      .references(() => wordings.version),
    locale: text("locale").notNull(),
    page: text("page").notNull(),
    firstName: text("first_name").notNull().default(""),
    timeZone: text("time_zone").notNull(),
    requestId: text("request_id").notNull().unique(),
    requestedAt: integer("requested_at").notNull(),
    confirmedAt: integer("confirmed_at"),
    confirmationId: text("confirmation_id"),
  },
  (table) => [index("consents_by_subscriber").on(table.subscriberId, table.requestedAt)],
);
