import { sql } from "drizzle-orm";
import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { exported, internal, NOT_PERSONAL, personal } from "./personal.ts";

/**
 * Deliveries planned for one cause. A tick is named by the instant that it stood for (`causeId`), so that a repeated tick is one
 * run, and a broadcast by its id; `at` is the product's time of the cause.
 */
export const runs = sqliteTable(
  "runs",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    cause: text("cause", { enum: ["tick", "broadcast"] }).notNull(),
    causeId: integer("cause_id").notNull(),
    at: integer("at").notNull(),
    startedAt: integer("started_at").notNull(),
    /** Letters planned, for the ceiling per day. */
    planned: integer("planned").notNull().default(0),
    /** Letters that failed, hard bounces and complaints so far, for the guard rails. */
    failed: integer("failed").notNull().default(0),
    bounced: integer("bounced").notNull().default(0),
    complained: integer("complained").notNull().default(0),
    /** A stopped run sends nothing more until the owner resumes it. */
    stoppedAt: integer("stopped_at"),
    stopReason: text("stop_reason"),
  },
  (table) => [uniqueIndex("runs_once").on(table.cause, table.causeId), index("runs_by_time").on(table.at)],
);

/**
 * Up to 100 deliveries for one provider call. `idempotencyKey` (128 random bits) is made with the batch and never
 * replaced. `token` fences the claim of the consumer that holds the lease. Times here are wall-clock times.
 */
export const batches = sqliteTable(
  "batches",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    lane: text("lane", { enum: ["letters", "confirmations"] }).notNull(),
    runId: integer("run_id").references(() => runs.id),
    state: text("state", { enum: ["planned", "sending", "done"] })
      .notNull()
      .default("planned"),
    idempotencyKey: text("idempotency_key").notNull().unique(),
    enqueuedAt: integer("enqueued_at").notNull(),
    token: text("token"),
    leaseUntil: integer("lease_until"),
    retryAt: integer("retry_at"),
    claims: integer("claims").notNull().default(0),
    /** How the last attempt ended, or what keeps the batch waiting. */
    lastOutcome: text("last_outcome"),
  },
  (table) => [
    index("batches_open").on(table.lane, table.enqueuedAt).where(sql`${table.state} <> 'done'`),
    index("batches_by_run").on(table.runId).where(sql`${table.runId} is not null`),
  ],
);

/**
 * What the configuration puts into every message of a call. Pinned with a batch's first attempt, so that a repeat has the same
 * bytes even where the configuration has changed since. The secret is named by a digest, never stored.
 */
export type MessageFrame = {
  readonly from: string;
  readonly replyTo: string;
  readonly publicUrl: string;
  readonly instance: string;
  readonly secretId: string;
};

/** What a kind puts into links, texts and headers of a message, as flat values that JSON keeps. */
export type Details = Readonly<Record<string, string | number | null>>;

/** A delivery as it is pinned by a batch's first attempt, so that every repeat of the call has the same bytes. */
export type PinnedMember<Own extends Details = Details> = {
  readonly id: number;
  readonly kind: string;
  readonly anchor: number;
  readonly round: number;
  /** What it was planned for, whether it still has the item or not. */
  readonly item: number;
  readonly copy: number;
  readonly slotAt: number;
  readonly recipientId: number;
  readonly renditionId: number;
  readonly address: string;
  readonly firstName: string;
  readonly details: Own;
};

/**
 * One provider call for a batch. `members` are the deliveries in the order of the call, with all that a repeat needs to write
 * the same bytes (those that an earlier attempt of the batch has: their ids), and `frame` is what the configuration adds to them. Of a batch that is done only their ids are kept.
 */
export const attempts = sqliteTable(
  "attempts",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    batchId: integer("batch_id")
      .notNull()
      .references(() => batches.id),
    number: integer("number").notNull(),
    frame: text("frame", { mode: "json" }).$type<MessageFrame>().notNull(),
    members: text("members", { mode: "json" }).$type<ReadonlyArray<PinnedMember | number>>().notNull(),
    startedAt: integer("started_at").notNull(),
    endedAt: integer("ended_at"),
    outcome: text("outcome"),
    /** Random: tells this attempt from one that a restored database gave the same id. */
    seal: text("seal").notNull(),
  },
  (table) => [
    uniqueIndex("attempts_by_batch").on(table.batchId, table.number),
    index("attempts_by_time").on(table.startedAt),
  ],
);

/**
 * The ledger: one message to one recipient. UNIQUE(kind, anchor, round, item, copy) is what makes it once. The kind says which table
 * the anchor and the recipient are rows of (domain/kinds.ts); the item tells several of one anchor and round apart, or is 0. A
 * skipped delivery whose kind frees its item has item NULL, and keeps it in `intendedItem`. A batch joins when there is one to
 * send with: a delivery may wait for its slot, or for its turn, without. No foreign keys: rows are only ever made by joining
 * the tables they name, and four look-ups a letter would be paid for nothing.
 */
export const deliveries = sqliteTable(
  "deliveries",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    kind: text("kind").notNull(),
    anchor: integer("anchor").notNull(),
    round: integer("round").notNull(),
    item: integer("item"),
    /** 0 for the letter itself, n for the n-th time that the owner sent it again. */
    copy: integer("copy").notNull().default(0),
    intendedItem: integer("intended_item").notNull(),
    recipientId: integer("recipient_id").notNull(),
    renditionId: integer("rendition_id").notNull(),
    runId: integer("run_id"),
    batchId: integer("batch_id"),
    place: integer("place").notNull().default(0),
    slotAt: integer("slot_at").notNull(),
    state: text("state", {
      enum: ["planned", "accepted", "skipped", "failed", "held", "uncertain"],
    }).notNull(),
    reason: text("reason"),
    providerId: text("provider_id"),
    plannedAt: integer("planned_at").notNull(),
    settledAt: integer("settled_at"),
    /** When a held letter was released: its 48 hours begin anew. */
    releasedAt: integer("released_at"),
    /** What the mailbox said, ranked (feedback/rank-feedback.ts), with the provider's time of it. */
    feedback: text("feedback"),
    feedbackAt: integer("feedback_at"),
  },
  (table) => [
    uniqueIndex("deliveries_once").on(table.kind, table.anchor, table.round, table.item, table.copy),
    index("deliveries_by_batch").on(table.batchId).where(sql`${table.batchId} is not null`),
    index("deliveries_passed_by_run")
      .on(table.runId)
      .where(sql`${table.batchId} is null and ${table.runId} is not null`),
    index("deliveries_waiting")
      .on(table.slotAt)
      .where(sql`${table.batchId} is null and ${table.state} = 'planned'`),
    index("deliveries_unresolved").on(table.state).where(sql`${table.state} in ('held', 'uncertain')`),
  ],
);

const LEDGER = "what was sent, when, and what became of it";

/** What we hold about a person in `deliveries`. */
export const deliveriesPersonal = personal(deliveries, {
  id: internal.kept(LEDGER),
  kind: exported.kept(LEDGER),
  anchor: NOT_PERSONAL,
  round: NOT_PERSONAL,
  item: NOT_PERSONAL,
  copy: NOT_PERSONAL,
  intendedItem: NOT_PERSONAL,
  recipientId: NOT_PERSONAL,
  renditionId: NOT_PERSONAL,
  runId: NOT_PERSONAL,
  batchId: NOT_PERSONAL,
  place: NOT_PERSONAL,
  slotAt: exported.kept(LEDGER),
  state: exported.kept(LEDGER),
  reason: exported.kept(LEDGER),
  providerId: exported.kept(LEDGER),
  plannedAt: exported.kept(LEDGER),
  settledAt: exported.kept(LEDGER),
  releasedAt: exported.kept(LEDGER),
  feedback: exported.kept(LEDGER),
  feedbackAt: exported.kept(LEDGER),
});
