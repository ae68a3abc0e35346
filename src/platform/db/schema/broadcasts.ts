import { sql } from "drizzle-orm";
import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { LANGUAGES } from "../../texts/languages.ts";

/** What a broadcast can be. */
export const BROADCAST_STATES = ["draft", "scheduled", "sending", "done", "stopped", "held"] as const;

/** When a broadcast leaves: as soon as its hold is over, at an instant, or on a date at an hour of each reader's own clock. */
export type BroadcastTime =
  | { readonly kind: "now" }
  | { readonly kind: "at"; readonly at: number }
  | {
      readonly kind: "clock";
      /** A local date, as 2026-12-04. */
      readonly date: string;
      readonly hour: number;
      /** What readers get whose hour has passed: it at once, or a day later at that hour. */
      readonly passed: "today" | "tomorrow";
    };

/** What happens on a day when a reader gets a theme: the broadcast moves, isn't sent to them, or comes all the same. */
export const ON_THEME_DAYS = ["move", "leave_out", "regardless"] as const;

/**
 * One letter to many readers at once. What it says is kept among the drafts, save by save, until it's scheduled: then `renditionId` is what leaves.
 * `audience` is frozen then, too; who they are is decided when it's locked: those who have a delivery, by definition.
 */
export const broadcasts = sqliteTable(
  "broadcasts",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    state: text("state", { enum: BROADCAST_STATES }).notNull().default("draft"),
    /** Grows with every change but of what it says; what someone decided on is known again by it. */
    revision: integer("revision").notNull().default(0),
    language: text("language", { enum: LANGUAGES }).notNull(),
    /** The sender's name; empty for the site's. */
    fromName: text("from_name").notNull().default(""),
    /** Who gets it, as a filter of readers; null while nobody has said, and in a draft for a saved segment. */
    audience: text("audience", { mode: "json" }).$type<unknown>(),
    /** The saved segment that it's for; its filter as it is when the broadcast is scheduled becomes its audience. */
    segmentId: integer("segment_id"),
    time: text("time", { mode: "json" }).$type<BroadcastTime>(),
    /** Whether anyone may read it on the site, from when it leaves. */
    isPublic: integer("is_public", { mode: "boolean" }).notNull().default(false),
    onThemeDays: text("on_theme_days", { enum: ON_THEME_DAYS }).notNull().default("move"),
    holdMinutes: integer("hold_minutes").notNull().default(10),
    /** When it's locked: at its time, and not before its hold is over; then when it was last set going or stopped. */
    locksAt: integer("locks_at"),
    /** Its subject once it's scheduled. */
    subject: text("subject").notNull().default(""),
    renditionId: integer("rendition_id"),
    runId: integer("run_id"),
    lockedAt: integer("locked_at"),
    /** How far people are locked, by their ids, and how far they go. */
    cursor: integer("cursor").notNull().default(0),
    idMark: integer("id_mark").notNull().default(0),
    /** Only people who confirmed after this instant are locked; 0 for everyone. */
    joinedAfter: integer("joined_after").notNull().default(0),
    /** A random name that each step of the lock replaces. */
    step: text("step").notNull().default(""),
    /** Why it's held. */
    reason: text("reason"),
    endedAt: integer("ended_at"),
    createdAt: integer("created_at").notNull(),
    createdBy: text("created_by").notNull(),
  },
  (table) => [
    index("broadcasts_open")
      .on(table.locksAt)
      .where(
        sql`${table.state} in ('scheduled', 'sending') or ${table.state} = 'stopped' and ${table.endedAt} is null`,
      ),
  ],
);
