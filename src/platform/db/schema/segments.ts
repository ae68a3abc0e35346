import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

/**
 * Saved segments: filters of readers by a name. Who's in one isn't stored: that's asked each time. One that's archived isn't offered any more; none is
 * deleted, so that a broadcast can always say who it was for.
 */
export const segments = sqliteTable("segments", {
  id: integer("id").primaryKey({ autoIncrement: true }),
  name: text("name").notNull().unique(),
  content: text("content", { mode: "json" }).$type<unknown>().notNull(),
  /** Grows with every change; what someone decided on is known again by it. */
  revision: integer("revision").notNull().default(0),
  archivedAt: integer("archived_at"),
  createdAt: integer("created_at").notNull(),
});
