import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { exported, internal, personal } from "./personal.ts";

/**
 * What the provider reported of a letter, once each (`svixId`). Only what says more than "sent" or "delivered" is kept; those two
 * are idempotent by rank. `parkedAt` marks an event whose delivery is not known (yet). No addresses.
 */
export const feedbackEvents = sqliteTable(
  "feedback_events",
  {
    svixId: text("svix_id").primaryKey(),
    deliveryId: integer("delivery_id").notNull(),
    subscriberId: integer("subscriber_id"),
    kind: text("kind", {
      enum: ["sent", "delayed", "delivered", "failed", "suppressed", "bounced", "complained"],
    }).notNull(),
    /** What a bounce is about (feedback/classify-bounce.ts); null for other kinds. */
    bounceClass: text("bounce_class", { enum: ["hard", "soft", "about_us"] }),
    /** Code or cause. */
    reason: text("reason").notNull(),
    providerId: text("provider_id").notNull(),
    domain: text("domain").notNull(),
    at: integer("at").notNull(),
    receivedAt: integer("received_at").notNull(),
    parkedAt: integer("parked_at"),
  },
  (table) => [
    index("feedback_by_subscriber").on(table.subscriberId),
    index("feedback_by_age").on(table.receivedAt),
    index("feedback_parked").on(table.parkedAt).where(sql`${table.parkedAt} is not null`),
  ],
);

/** What we hold about a person in `feedback_events`. */
export const feedbackEventsPersonal = personal(feedbackEvents, {
  svixId: internal.goes,
  deliveryId: internal.goes,
  subscriberId: internal.goes,
  kind: exported.goes,
  bounceClass: exported.goes,
  reason: exported.goes,
  providerId: internal.goes,
  domain: exported.goes,
  at: exported.goes,
  receivedAt: internal.goes,
  parkedAt: internal.goes,
});

/**
 * Signed events that this version couldn't read, without addresses and subjects. Each tick tries them again, so that an update takes them;
 * they go after some weeks.
 */
export const unreadEvents = sqliteTable("unread_events", {
  svixId: text("svix_id").primaryKey(),
  /** JSON. */
  body: text("body").notNull(),
  receivedAt: integer("received_at").notNull(),
});

/** Hard bounces a receiving domain and day, by which a storm of false ones is told from dead addresses (rule 6.28). */
export const bounceDays = sqliteTable(
  "bounce_days",
  {
    domain: text("domain").notNull(),
    day: integer("day").notNull(),
    count: integer("count").notNull(),
  },
  (table) => [primaryKey({ columns: [table.domain, table.day] }), index("bounce_days_by_day").on(table.day)],
);
