import { index, integer, primaryKey, sqliteTable, text, unique } from "drizzle-orm/sqlite-core";
import type { BroadcastNote, JournalEntry } from "./guard-port.ts";

/** What the Guard remembers by name, as JSON. */
export const state = sqliteTable("state", {
  name: text("name").primaryKey(),
  value: text("value", { mode: "json" }).$type<unknown>().notNull(),
});

/** Opt-outs. SQLite holds two nulls for different, so the sequence of "everything" is 0. */
export const journal = sqliteTable(
  "journal",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    addressHash: text("address_hash").notNull(),
    kind: text("kind").$type<JournalEntry["kind"]>().notNull(),
    sequenceId: integer("sequence_id").notNull(),
    reason: text("reason").notNull(),
    at: integer("at").notNull(),
    recordedAt: integer("recorded_at").notNull(),
  },
  (table) => [
    unique().on(table.addressHash, table.kind, table.sequenceId, table.at),
    index("journal_by_age").on(table.recordedAt),
  ],
);

/** What was decided about broadcasts: a revision of one is decided once. */
export const broadcastNotes = sqliteTable(
  "broadcasts",
  {
    id: integer("id").notNull(),
    createdAt: integer("created_at").notNull(),
    revision: integer("revision").notNull(),
    what: text("what").$type<BroadcastNote["what"]>().notNull(),
    recordedAt: integer("recorded_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.id, table.createdAt, table.revision] })],
);

/** Provider calls that were let through. `members` is JSON and kept as it comes: reading a hundred would cost each batch time. */
export const admissions = sqliteTable(
  "admissions",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    batchId: integer("batch_id").notNull(),
    members: text("members").notNull(),
    admittedAt: integer("admitted_at").notNull(),
  },
  (table) => [index("admissions_by_age").on(table.admittedAt)],
);

/** What someone did to the Guard, kept until the database has it. */
export const guardActs = sqliteTable(
  "acts",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    at: integer("at").notNull(),
    actor: text("actor").notNull(),
    requestId: text("request_id").notNull(),
    verb: text("verb").notNull(),
    object: text("object").notNull(),
    changed: text("changed", { mode: "json" }).$type<Readonly<Record<string, unknown>>>().notNull(),
  },
  (table) => [unique().on(table.requestId, table.verb)],
);

/** Makes the tables above where they aren't there yet: a durable object has no migrations to run before it wakes. */
export const CREATE = `
  create table if not exists state (name text primary key, value text not null);
  create table if not exists journal (id integer primary key autoincrement, address_hash text not null, kind text not null,
    sequence_id integer not null, reason text not null, at integer not null, recorded_at integer not null,
    unique (address_hash, kind, sequence_id, at));
  create table if not exists admissions (id integer primary key autoincrement, batch_id integer not null,
    members text not null, admitted_at integer not null);
  create table if not exists broadcasts (id integer not null, created_at integer not null, revision integer not null,
    what text not null, recorded_at integer not null, primary key (id, created_at, revision));
  create table if not exists acts (id integer primary key autoincrement, at integer not null, actor text not null,
    request_id text not null, verb text not null, object text not null, changed text not null, unique (request_id, verb));
  create index if not exists journal_by_age on journal (recorded_at);
  create index if not exists admissions_by_age on admissions (admitted_at);`;
