import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

/**
 * A site that embeds our form. `wordingVersion` is what its forms show now, `translations` the versions that they show in other languages;
 * versions that were shown before stay in `wordings`. `returnUrls` is a JSON object of id to URL, `limits` a JSON object of what differs from the defaults
 * (partners/limits.ts), `dailyLimit` a day's sign-ups (null for as many as come). `sequenceSlug` names the sequence that it brings readers to.
 */
export const partners = sqliteTable("partners", {
  id: integer("id").primaryKey({ autoIncrement: true }),
  slug: text("slug").notNull().unique(),
  name: text("name").notNull(),
  sequenceSlug: text("sequence_slug").notNull(),
  timeZone: text("time_zone").notNull(),
  returnUrls: text("return_urls", { mode: "json" }).$type<Readonly<Record<string, string>>>().notNull(),
  limits: text("limits", { mode: "json" }).$type<Readonly<Record<string, number | undefined>>>().notNull(),
  dailyLimit: integer("daily_limit"),
  /** What whoever joins by it is tagged with; empty for nothing. */
  tag: text("tag").notNull().default(""),
  frozen: integer("frozen", { mode: "boolean" }).notNull(),
  wordingVersion: text("wording_version").notNull(),
  translations: text("translations", { mode: "json" }).$type<readonly string[]>().notNull().default([]),
  createdAt: integer("created_at").notNull(),
  /** A random name that each change of the fields above replaces: who edits says which one they saw. */
  revision: text("revision").notNull().default(""),
});

/** Exact origins (scheme, host, port) whose pages may carry a partner's forms. */
export const partnerOrigins = sqliteTable(
  "partner_origins",
  {
    partnerId: integer("partner_id")
      .notNull()
      .references(() => partners.id),
    origin: text("origin").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.partnerId, table.origin] }),
    index("partner_origins_by_origin").on(table.origin),
  ],
);

/** Public keys that forms send as `partner`. The current one has no `retiresAt`, and each partner has one; a rotated one works until then. */
export const formKeys = sqliteTable(
  "form_keys",
  {
    key: text("key").primaryKey(),
    partnerId: integer("partner_id")
      .notNull()
      .references(() => partners.id),
    createdAt: integer("created_at").notNull(),
    retiresAt: integer("retires_at"),
  },
  (table) => [
    index("form_keys_by_partner").on(table.partnerId),
    uniqueIndex("form_keys_current").on(table.partnerId).where(sql`${table.retiresAt} is null`),
  ],
);

/** Signed links to the partner's page; the id stands in the link. */
export const partnerLinks = sqliteTable(
  "partner_links",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    partnerId: integer("partner_id")
      .notNull()
      .references(() => partners.id),
    createdAt: integer("created_at").notNull(),
    revokedAt: integer("revoked_at"),
  },
  (table) => [index("partner_links_by_partner").on(table.partnerId)],
);
