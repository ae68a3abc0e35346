import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** What the owner should look at, one row a name, counted. `name` is a stable event name; `detail` holds ids and codes only. */
export const alerts = sqliteTable("alerts", {
  name: text("name").primaryKey(),
  detail: text("detail").notNull(),
  count: integer("count").notNull(),
  firstAt: integer("first_at").notNull(),
  lastAt: integer("last_at").notNull(),
  /** When it was told to the owner's webhook; null until then. */
  toldAt: integer("told_at"),
});

/** Facts about this database: `suppression_check` tells the right SUPPRESSION_KEY, `guard` the Guard that it belongs to. */
export const facts = sqliteTable("facts", {
  name: text("name").primaryKey(),
  value: text("value").notNull(),
});
