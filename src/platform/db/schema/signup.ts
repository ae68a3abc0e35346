import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { LANGUAGES } from "../../texts/languages.ts";
import { partners } from "./partners.ts";
import { exported, internal, NOT_PERSONAL, personal } from "./personal.ts";
import { sequences } from "./sequences.ts";
import type { SCOPES } from "./site.ts";
import { subscribers } from "./subscribers.ts";

/** The exact text that people agreed to. Rows are never changed: a new text is a new version. */
export const wordings = sqliteTable("wordings", {
  version: text("version").primaryKey(),
  text: text("text").notNull(),
  firstUsedAt: integer("first_used_at").notNull(),
  /** SHA-256 of the text, as hex. */
  hash: text("hash").notNull(),
  locale: text("locale").notNull(),
  /** Whose wording it is; null for our own page. */
  partnerId: integer("partner_id").references(() => partners.id),
  /** What agreeing to it is for. */
  covers: text("covers", { mode: "json" })
    .$type<readonly (typeof SCOPES)[number][]>()
    .notNull()
    .default(["sequence"]),
});

/**
 * The record of one act of consent: what was asked for, where and when, and when it was confirmed.
 * `confirmationId` is the random name of the one confirming request that won the compare-and-set.
 * `requestId` does the same for the request that made the row.
 */
export const consents = sqliteTable(
  "consents",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    subscriberId: integer("subscriber_id")
      .notNull()
      .references(() => subscribers.id),
    /** Null for a consent to broadcasts alone. */
    sequenceId: integer("sequence_id").references(() => sequences.id),
    wordingVersion: text("wording_version")
      .notNull()
      .references(() => wordings.version),
    locale: text("locale").notNull(),
    /** Of the form: what follows is written in it. */
    language: text("language", { enum: LANGUAGES }).notNull().default("en"),
    page: text("page").notNull(),
    firstName: text("first_name").notNull().default(""),
    /** To the sequence's question; empty for none. */
    answer: text("answer").notNull().default(""),
    timeZone: text("time_zone").notNull(),
    requestId: text("request_id").notNull().unique(),
    requestedAt: integer("requested_at").notNull(),
    confirmedAt: integer("confirmed_at"),
    confirmationId: text("confirmation_id"),
    /** Where it came from: null for our own page. */
    partnerId: integer("partner_id").references(() => partners.id),
    formKey: text("form_key"),
    /** The origin of the page with the form. */
    origin: text("origin").notNull(),
    /** HMAC of the address without plus-tag and dots, for counting confirmations only; null once the person is erased. */
    foldedHash: text("folded_hash"),
    /** HMAC of the IP address (IPv6: its /64); removed after some weeks. */
    ipHash: text("ip_hash"),
    /** Whether the address was at a provider of throw-away addresses. */
    disposable: integer("disposable", { mode: "boolean" }).notNull().default(false),
    /** Whether a person renewed the expired link of an earlier one: it counts in no one else's way. */
    renewal: integer("renewal", { mode: "boolean" }).notNull().default(false),
    /** When someone at the address said that it was not them. Such a consent can never be confirmed. */
    deniedAt: integer("denied_at"),
  },
  (table) => [
    index("consents_by_subscriber").on(table.subscriberId, table.requestedAt),
    index("consents_by_folded")
      .on(table.foldedHash, table.requestedAt)
      .where(sql`${table.foldedHash} is not null`),
    index("consents_by_partner")
      .on(table.partnerId, table.requestedAt)
      .where(sql`${table.partnerId} is not null`),
    index("consents_unconfirmed").on(table.requestedAt).where(sql`${table.confirmedAt} is null`),
    index("consents_with_ip").on(table.requestedAt).where(sql`${table.ipHash} is not null`),
  ],
);

const AGREED = "what was agreed to, on which site and when, for as long as we may have to show it";

/** What we hold about a person in `consents`. */
export const consentsPersonal = personal(consents, {
  id: internal.kept("links point at it"),
  subscriberId: NOT_PERSONAL,
  sequenceId: internal.kept(AGREED),
  wordingVersion: exported.kept(AGREED),
  locale: exported.kept(AGREED),
  language: exported.kept(AGREED),
  page: exported.erased(""),
  firstName: exported.erased(""),
  answer: exported.erased(""),
  timeZone: exported.erased("UTC"),
  requestId: NOT_PERSONAL,
  requestedAt: exported.kept(AGREED),
  confirmedAt: exported.kept(AGREED),
  confirmationId: NOT_PERSONAL,
  partnerId: internal.kept(AGREED),
  formKey: exported.kept(AGREED),
  origin: exported.kept(AGREED),
  foldedHash: exported.erased(null),
  ipHash: exported.erased(null),
  disposable: exported.kept(AGREED),
  renewal: NOT_PERSONAL,
  deniedAt: exported.kept(AGREED),
});

/**
 * The abuse gate's budgets: how often a bucket (kind, HMAC or id, window) was used in a window that ends at `endsAt`. The key
 * begins with the end, so that what is over can be found and removed.
 */
export const gateCounts = sqliteTable(
  "gate_counts",
  {
    endsAt: integer("ends_at").notNull(),
    bucket: text("bucket").notNull(),
    count: integer("count").notNull(),
  },
  (table) => [primaryKey({ columns: [table.endsAt, table.bucket] })],
);

/** Why a sign-up was refused: at the gate, by a budget, or by what stands against the address. */
export const REFUSAL_REASONS = [
  "rate",
  "unknown_key",
  "foreign_origin",
  "frozen",
  "honeypot",
  "stamp_forged",
  "stamp_old",
  "challenge_failed",
  "faulty",
  "stamp_used_up",
  "denied",
  "denied_before",
  "denied_network",
  "network_budget",
  "domain_budget",
  "partner_budget",
  "partner_breaker",
  "service_breaker",
  "no_sequence",
  "in_sequence",
  "suppressed",
  "address_budget",
] as const;

/** How many sign-ups were refused, by day (epoch days), partner (0 for our own page or none) and reason. No addresses. */
export const refusals = sqliteTable(
  "refusals",
  {
    day: integer("day").notNull(),
    partnerId: integer("partner_id").notNull(),
    reason: text("reason", { enum: REFUSAL_REASONS }).notNull(),
    count: integer("count").notNull(),
  },
  (table) => [primaryKey({ columns: [table.day, table.partnerId, table.reason] })],
);

/** Sign-ups that were never confirmed and were forgotten, by day of the request (epoch days) and partner (0 for our own page). */
export const lapsedSignUps = sqliteTable(
  "lapsed_sign_ups",
  {
    day: integer("day").notNull(),
    partnerId: integer("partner_id").notNull(),
    count: integer("count").notNull(),
  },
  (table) => [primaryKey({ columns: [table.day, table.partnerId] })],
);
