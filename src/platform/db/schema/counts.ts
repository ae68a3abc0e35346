import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** What is counted by the day. */
export const COUNTED = [
  /** Consents confirmed, by the partner's id; empty for our own pages. */
  "confirmed",
  /** People who left everything, by reason. */
  "left",
  /** Lasting suppressions, by cause. */
  "suppressed",
  /** Letters that the provider took, by the family of mailboxes that they went to. */
  "accepted",
  /** The same, by how late they were: minutes at most, or `more`. */
  "lateness",
  /** What the mailbox said last of that day's letters, by family. */
  "delivered",
  "failed",
  "refused",
  "bounced",
  "complained",
  /** Active readers, as they were counted that day; one row. */
  "readers",
  /** The largest ids when that was counted, by table: where a day's rows begin. */
  "mark",
] as const;

/**
 * Numbers by day (of UTC, days since the epoch), written in the transactions of the facts that they count, so that no page counts people or
 * letters. Letters count on the day on which they were planned, whenever they were taken, and with everything that's reported of them later.
 */
export const dayCounts = sqliteTable(
  "day_counts",
  {
    day: integer("day").notNull(),
    what: text("what", { enum: COUNTED }).notNull(),
    key: text("key").notNull(),
    n: integer("counted").notNull(),
    /** When it was counted, for what is counted at once; null for what is counted as it happens. */
    at: integer("at"),
  },
  (table) => [primaryKey({ columns: [table.day, table.what, table.key] })],
);
