import { sql } from "drizzle-orm";
import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/**
 * A person's address and state. `addressKey` is the folded address (see subscribers/address.ts) and the only identity of a
 * person; `address` is what was typed and where mail goes. AUTOINCREMENT, because signed links name ids for years
 * and an id may never come back for somebody else.
 */
export const subscribers = sqliteTable(
  "subscribers",
  {
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
    /** HMAC of the key under SUPPRESSION_KEY: by it the suppression list finds the person. Null only before the first tick. */
    addressHash: text("address_hash"),
    /** The consent by which they first became a reader: to its partner they are counted. */
    firstConsentId: integer("first_consent_id"),
  },
  (table) => [
    index("subscribers_by_hash").on(table.addressHash),
    index("subscribers_unhashed").on(table.id).where(sql`address_hash is null`),
  ],
);

/**
 * "Never mail this address", by HMAC, so that it outlives the subscriber. In force while `liftedAt` is null and `until` has
 * not passed. Rows are lifted, never deleted, so that an old event replayed cannot win over a later lift (rule 3.24).
 */
export const suppressions = sqliteTable("suppressions", {
  addressHash: text("address_hash").primaryKey(),
  reason: text("reason", { enum: ["complaint", "bounce", "quarantine", "soft", "owner"] }).notNull(),
  at: integer("at").notNull(),
  until: integer("until"),
  liftedAt: integer("lifted_at"),
  note: text("note"),
});

/**
 * What people (or the mailbox on their behalf) stopped, in order; an outbox too: `journaledAt` is set once the Guard has it,
 * so that an opt-out outlives a restored database.
 */
export const optOuts = sqliteTable(
  "opt_outs",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    addressHash: text("address_hash").notNull(),
    kind: text("kind", { enum: ["stopped", "unsubscribed", "suppressed"] }).notNull(),
    sequenceId: integer("sequence_id"),
    reason: text("reason").notNull(),
    at: integer("at").notNull(),
    journaledAt: integer("journaled_at"),
  },
  (table) => [
    index("opt_outs_by_hash").on(table.addressHash),
    index("opt_outs_unjournaled").on(table.id).where(sql`journaled_at is null`),
  ],
);
