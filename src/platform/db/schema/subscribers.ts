import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { LANGUAGES } from "../../texts/languages.ts";
import { exported, internal, NOT_PERSONAL, personal } from "./personal.ts";

/**
 * A person's address and state. `addressKey` is the folded address (see people/address.ts) and the only identity of a
 * person; `address` is what was typed and where mail goes. AUTOINCREMENT, because signed links name ids for years
 * and an id may never come back for someone else.
 */
export const subscribers = sqliteTable(
  "subscribers",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    address: text("address").notNull(),
    addressKey: text("address_key").notNull().unique(),
    firstName: text("first_name").notNull().default(""),
    /** `erased`: the row is only what links and the ledger point at; address and name are gone. */
    state: text("state", { enum: ["pending", "active", "unsubscribed", "erased"] })
      .notNull()
      .default("pending"),
    createdAt: integer("created_at").notNull(),
    confirmedAt: integer("confirmed_at"),
    unsubscribedAt: integer("unsubscribed_at"),
    /** HMAC of the key under SUPPRESSION_KEY: by it the suppression list finds the person. */
    addressHash: text("address_hash").notNull(),
    /** The consent by which they first became a reader: to its partner they are counted. */
    firstConsentId: integer("first_consent_id"),
    /** Of the form by which they last confirmed: their pages and mails are in it. */
    language: text("language", { enum: LANGUAGES }).notNull().default("en"),
    /** Whether they get broadcasts: decided by their latest act, a consent whose wording covers them, or leaving them. */
    broadcasts: integer("broadcasts", { mode: "boolean" }).notNull().default(false),
    /** Counts the reader's own changes, so that one made on an outdated page is noticed. */
    revision: integer("revision").notNull().default(0),
    /** Counts every change that decides whether they may be mailed: a call counts only with those whose number is the one it read. */
    standing: integer("standing").notNull().default(0),
    /** Links to their own pages carry it; raised, it makes all of them from before stop. */
    linkGeneration: integer("link_generation").notNull().default(0),
  },
  (table) => [
    index("subscribers_by_hash").on(table.addressHash),
    index("subscribers_by_state").on(table.state, table.id),
  ],
);

const BY_HASH = "the keyed hash by which we know whom never to mail again";
const PROOF = "the proof of what was agreed to, and when it ended";

/** What we hold about a person in `subscribers`. */
export const subscribersPersonal = personal(subscribers, {
  id: internal.kept("links and the ledger point at it"),
  address: exported.erased(""),
  addressKey: exported.erased(sql`'erased ' || ${subscribers.id}`),
  firstName: exported.erased(""),
  state: exported.erased("erased"),
  createdAt: exported.kept(PROOF),
  confirmedAt: exported.kept(PROOF),
  unsubscribedAt: exported.kept(PROOF),
  addressHash: exported.kept(BY_HASH),
  firstConsentId: NOT_PERSONAL,
  language: exported.kept("the page behind an old link says in it that everything was erased"),
  broadcasts: exported.erased(false),
  revision: NOT_PERSONAL,
  standing: NOT_PERSONAL,
  linkGeneration: NOT_PERSONAL,
});

/**
 * "Never mail this address", by HMAC, so that it outlives the subscriber. In force while `liftedAt` is null and `until` has
 * not passed. Rows are lifted, never deleted, so that an old event replayed cannot win over a later lift (rule 3.24).
 */
export const suppressions = sqliteTable("suppressions", {
  addressHash: text("address_hash").primaryKey(),
  reason: text("reason", {
    enum: ["erased", "complaint", "bounce", "quarantine", "soft", "owner"],
  }).notNull(),
  at: integer("at").notNull(),
  until: integer("until"),
  liftedAt: integer("lifted_at"),
  note: text("note"),
});

/** What we hold about a person in `suppressions`. */
export const suppressionsPersonal = personal(suppressions, {
  addressHash: internal.kept(BY_HASH),
  reason: exported.kept(BY_HASH),
  at: exported.kept(BY_HASH),
  until: exported.kept(BY_HASH),
  liftedAt: exported.kept(BY_HASH),
  note: exported.erased(null),
});

/** What a reader may say about leaving, if they like. */
export const LEAVE_REASONS = [
  "too_often",
  "not_now",
  "not_expected",
  "not_for_me",
  "never_asked",
  "other",
] as const;

/**
 * What people (or the mailbox on their behalf) stopped, in order; an outbox too: `journaledAt` is set once the Guard has it,
 * so that an opt-out outlives a restored database.
 */
export const optOuts = sqliteTable(
  "opt_outs",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    addressHash: text("address_hash").notNull(),
    kind: text("kind", { enum: ["stopped", "broadcasts", "unsubscribed", "suppressed"] }).notNull(),
    /** The sequence that was stopped; null for the other kinds. */
    sequenceId: integer("sequence_id"),
    reason: text("reason").notNull(),
    at: integer("at").notNull(),
    journaledAt: integer("journaled_at"),
    /** The reason that the person chose to give afterwards (sequences/leaving.ts). */
    said: text("said", { enum: LEAVE_REASONS }),
  },
  (table) => [
    index("opt_outs_by_hash").on(table.addressHash),
    index("opt_outs_by_age").on(table.at),
    index("opt_outs_unjournaled").on(table.id).where(sql`${table.journaledAt} is null`),
  ],
);

/** What we hold about a person in `opt_outs`. */
export const optOutsPersonal = personal(optOuts, {
  id: NOT_PERSONAL,
  addressHash: internal.kept(BY_HASH),
  kind: exported.kept(PROOF),
  sequenceId: internal.kept(PROOF),
  reason: exported.kept(PROOF),
  at: exported.kept(PROOF),
  journaledAt: NOT_PERSONAL,
  said: exported.erased(null),
});

/**
 * What readers changed on their own pages, in order: the state before and after as JSON, so that it can be told and taken back.
 * `token` is random and names the request that won; `seen` is the revision that the page showed, `request` what was asked
 * for, by which a repeated press is known.
 */
export const readerChanges = sqliteTable(
  "reader_changes",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    subscriberId: integer("subscriber_id").notNull(),
    enrollmentId: integer("enrollment_id"),
    at: integer("at").notNull(),
    kind: text("kind").notNull(),
    /** Whose hand it was: the reader's own, or the desk's, for them. */
    by: text("made_by", { enum: ["reader", "desk"] })
      .notNull()
      .default("reader"),
    seen: integer("seen").notNull(),
    request: text("request").notNull(),
    was: text("was").notNull(),
    became: text("became").notNull(),
    token: text("token").notNull().unique(),
  },
  (table) => [
    index("reader_changes_by_subscriber").on(table.subscriberId, table.id),
    index("reader_changes_by_age").on(table.at),
  ],
);

/** What we hold about a person in `reader_changes`. */
export const readerChangesPersonal = personal(readerChanges, {
  id: internal.goes,
  subscriberId: internal.goes,
  enrollmentId: internal.goes,
  at: exported.goes,
  kind: exported.goes,
  by: exported.goes,
  seen: internal.goes,
  request: exported.goes,
  was: exported.goes,
  became: exported.goes,
  token: internal.goes,
});

/**
 * Requests to erase a person. Asked for on a page (`askedAt`), confirmed through the link that was mailed (`confirmedAt`), done
 * when no letter was on its way any more (`erasedAt`). The row stays as the proof; it knows the address by its HMAC only.
 */
export const erasures = sqliteTable(
  "erasures",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    subscriberId: integer("subscriber_id").notNull(),
    addressHash: text("address_hash").notNull(),
    requestId: text("request_id").notNull().unique(),
    askedAt: integer("asked_at").notNull(),
    confirmedAt: integer("confirmed_at"),
    erasedAt: integer("erased_at"),
  },
  (table) => [
    index("erasures_by_subscriber").on(table.subscriberId),
    index("erasures_open")
      .on(table.id)
      .where(sql`${table.confirmedAt} is not null and ${table.erasedAt} is null`),
  ],
);

/** What we hold about a person in `erasures`. */
export const erasuresPersonal = personal(erasures, {
  id: NOT_PERSONAL,
  subscriberId: NOT_PERSONAL,
  addressHash: internal.kept(BY_HASH),
  requestId: NOT_PERSONAL,
  askedAt: exported.kept("the proof that we did as we were asked"),
  confirmedAt: exported.kept("the proof that we did as we were asked"),
  erasedAt: internal.kept("the proof that we did as we were asked"),
});

/** A few words that readers are sorted by. A tag is named once. */
export const tags = sqliteTable("tags", {
  id: integer("id").primaryKey({ autoIncrement: true }),
  name: text("name").notNull().unique(),
  createdAt: integer("created_at").notNull(),
});

/** Who has which tag, and the job that gave it; null for a hand, or a form. */
export const readerTags = sqliteTable(
  "reader_tags",
  {
    tagId: integer("tag_id").notNull(),
    subscriberId: integer("subscriber_id").notNull(),
    jobId: integer("job_id"),
    at: integer("at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tagId, table.subscriberId] }),
    index("reader_tags_by_subscriber").on(table.subscriberId, table.tagId),
  ],
);

/** What we hold about a person in `reader_tags`. */
export const readerTagsPersonal = personal(readerTags, {
  tagId: internal.goes,
  subscriberId: internal.goes,
  jobId: internal.goes,
  at: exported.goes,
});
