import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/**
 * A person's address and state. `addressKey` is the folded address (see subscribers/address.ts) and the only identity of a
 * person; `address` is what was typed and where mail goes. AUTOINCREMENT, because signed links name ids for years
 * and an id may never come back for somebody else.
 */
export const subscribers = sqliteTable("subscribers", {
  id: integer("id").primaryKey({ autoIncrement: true }),
  address: text("address").notNull(),
  addressKey: text("address_key").notNull().unique(),
  firstName: text("first_name").notNull().default(""),
  state: text("state", { enum: ["pending", "active", "unsubscribed"] })
    .notNull()
    .default("pending"),
  createdAt: integer("created_at").notNull(),
  confirmedAt: integer("confirmed_at"),
  unsubscribedAt: integer("unsubscribed_at"),
});
