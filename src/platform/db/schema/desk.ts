import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** What people at the desk are (domain/desk/may.ts says what each may do). */
export const ROLES = ["owner", "editor", "helper", "viewer"] as const;

/** What the owner should look at, one row a name, counted. `name` is a stable event name; `detail` holds ids and codes only. */
export const alerts = sqliteTable("alerts", {
  name: text("name").primaryKey(),
  detail: text("detail").notNull(),
  count: integer("count").notNull(),
  firstAt: integer("first_at").notNull(),
  lastAt: integer("last_at").notNull(),
  /** When it was told to the owner's webhook; null until then. */
  toldAt: integer("told_at"),
  /** When it was last mailed to the owners; null until then. */
  mailedAt: integer("mailed_at"),
});

/** Facts about this database: `suppression_check` tells the right SUPPRESSION_KEY, `guard` the Guard that it belongs to. */
export const facts = sqliteTable("facts", {
  name: text("name").primaryKey(),
  value: text("value").notNull(),
});

/**
 * People at the desk. One who was removed stays as a row, because acts name people by its id.
 */
export const deskPeople = sqliteTable("desk_people", {
  id: integer("id").primaryKey({ autoIncrement: true }),
  /** In lower case, as it's compared with the one that Cloudflare Access gives. */
  address: text("address").notNull().unique(),
  role: text("role", { enum: ROLES }).notNull(),
  createdAt: integer("created_at").notNull(),
  removedAt: integer("removed_at"),
});

/** Sessions at the desk, by the hash of what their cookie holds. An ended one is deleted. All times are real ones. */
export const deskSessions = sqliteTable(
  "desk_sessions",
  {
    idHash: text("id_hash").primaryKey(),
    personId: integer("person_id")
      .notNull()
      .references(() => deskPeople.id),
    createdAt: integer("created_at").notNull(),
    lastUsedAt: integer("last_used_at").notNull(),
  },
  (table) => [index("desk_sessions_by_person").on(table.personId)],
);

/** Links into the desk; the id stands in the link, which is signed. Each works once: `sessionHash` is the session that it opened. All times are real ones. */
export const deskLinks = sqliteTable("desk_links", {
  id: integer("id").primaryKey({ autoIncrement: true }),
  personId: integer("person_id")
    .notNull()
    .references(() => deskPeople.id),
  createdAt: integer("created_at").notNull(),
  sessionHash: text("session_hash"),
});

/** Who looked at whom: one row a person at the desk, subscriber and hour (since the epoch, real time). */
export const deskLooks = sqliteTable(
  "desk_looks",
  {
    personId: integer("person_id").notNull(),
    subscriberId: integer("subscriber_id").notNull(),
    hour: integer("hour").notNull(),
  },
  (table) => [primaryKey({ columns: [table.personId, table.subscriberId, table.hour] })],
);
