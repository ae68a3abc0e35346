import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { LANGUAGES } from "../../texts/languages.ts";
import { exported, internal, NOT_PERSONAL, personal } from "./personal.ts";
import { ORIGINS, type WeeklyHour } from "./site.ts";
import { subscribers } from "./subscribers.ts";

/** A published step rendered once: immutable, and named by the SHA-256 of its content. */
export const renditions = sqliteTable("renditions", {
  id: integer("id").primaryKey({ autoIncrement: true }),
  hash: text("hash").notNull().unique(),
  subject: text("subject").notNull(),
  html: text("html").notNull(),
  text: text("text").notNull(),
  /** Heading and body for the web copy, without anything personal; empty for system mail. */
  heading: text("heading").notNull().default(""),
  page: text("page").notNull().default(""),
  language: text("language", { enum: LANGUAGES }).notNull().default("en"),
  /** The sender's name, and where replies go; empty for the configured ones. */
  fromName: text("from_name").notNull().default(""),
  replyTo: text("reply_to").notNull().default(""),
  createdAt: integer("created_at").notNull(),
});

/** A letter as its author wrote it. */
export type WelcomeSource = {
  readonly slug: string;
  readonly subject: string;
  readonly preheader: string;
  readonly markdown: string;
  readonly ornament: string | null;
};

/**
 * A question to readers whose answer chooses blocks in letters. A choice is named by its block in Markdown (`:::block`), which stands
 * in letters under `heading`.
 */
export type ReaderQuestion = {
  /** What the answer is called, on the page of a reader's data. */
  readonly name: string;
  readonly text: string;
  readonly hint: string;
  readonly choices: ReadonlyArray<{
    readonly block: string;
    readonly label: string;
    readonly heading: string;
  }>;
};

/** What a sequence is besides its letters. */
export type SequenceSettings = {
  readonly tagline: string;
  readonly description: string;
  /** When its letters come unless the reader chooses otherwise; null for the site's. */
  readonly slot: WeeklyHour | null;
  readonly everyWeeks: 1 | 2 | 4;
  readonly firstLetter: "at_once" | "in_slot";
  /** The sender's name, and where replies go; null for the site's name and the configured address. */
  readonly senderName: string | null;
  readonly replyTo: string | null;
  readonly question: ReaderQuestion | null;
  /** The slug of the sequence that's offered after the last letter. */
  readonly next: string | null;
  /** The owner's words above ours, in mails in the sequence's own language. */
  readonly words?: OwnWords;
};

/** What an owner says in mails that are ours besides; empty for nothing. */
export type OwnWords = { readonly confirmation: string; readonly welcomeBack: string };

/** What a sequence is that says nothing of it. */
export const PLAIN_SETTINGS: SequenceSettings = {
  tagline: "",
  description: "",
  slot: null,
  everyWeeks: 1,
  firstLetter: "in_slot",
  senderName: null,
  replyTo: null,
  question: null,
  next: null,
};

/**
 * An ordered set of steps. `version` grows with each publication that changes something, and with archiving; the planner names the
 * version that it decided on, so that an edit in mid-plan makes it decide again.
 */
export const sequences = sqliteTable("sequences", {
  id: integer("id").primaryKey({ autoIncrement: true }),
  slug: text("slug").notNull().unique(),
  title: text("title").notNull(),
  version: integer("version").notNull().default(1),
  language: text("language", { enum: LANGUAGES }).notNull().default("en"),
  settings: text("settings", { mode: "json" }).$type<SequenceSettings>().notNull().default(PLAIN_SETTINGS),
  origin: text("origin", { enum: ORIGINS }).notNull().default("files"),
  welcomeRenditionId: integer("welcome_rendition_id")
    .notNull()
    .references(() => renditions.id),
  publishedAt: integer("published_at").notNull(),
  /** The welcome as it was written, so that it can be read again; null until the next publication where that wasn't kept. */
  welcome: text("welcome", { mode: "json" }).$type<WelcomeSource>(),
  /** An archived sequence takes no new readers; those it has go on. */
  archivedAt: integer("archived_at"),
});

/** One theme of a sequence. The slug is its identity for ever; its position is not. */
export const steps = sqliteTable(
  "steps",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    sequenceId: integer("sequence_id")
      .notNull()
      .references(() => sequences.id),
    slug: text("slug").notNull(),
    position: integer("position").notNull(),
    title: text("title").notNull(),
    subject: text("subject").notNull(),
    preheader: text("preheader").notNull(),
    markdown: text("markdown").notNull(),
    status: text("status", { enum: ["published", "draft"] }).notNull(),
    backfill: integer("backfill", { mode: "boolean" }).notNull().default(true),
    renditionId: integer("rendition_id")
      .notNull()
      .references(() => renditions.id),
    archivedAt: integer("archived_at"),
    /** The first paragraph as plain text, for the archive. */
    opening: text("opening").notNull().default(""),
    /** The name of its drawing; null where it has none. */
    ornament: text("ornament"),
  },
  (table) => [uniqueIndex("steps_by_slug").on(table.sequenceId, table.slug)],
);

/**
 * One subscriber in one sequence, with the slot in which themes come. `nextDueAt` is the instant of the next slot,
 * and null unless the state is active. The partial index is what a tick reads; it holds nobody who is not waiting.
 * A paused one that ends by itself has the local date of that (`pauseUntil`, ISO 8601) and the slot with which it goes on
 * (`resumeAt`).
 */
export const enrollments = sqliteTable(
  "enrollments",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    subscriberId: integer("subscriber_id")
      .notNull()
      .references(() => subscribers.id),
    sequenceId: integer("sequence_id")
      .notNull()
      .references(() => sequences.id),
    round: integer("round").notNull().default(1),
    state: text("state", { enum: ["active", "paused", "stopped", "completed"] }).notNull(),
    weekday: integer("weekday").notNull(),
    hour: integer("hour").notNull(),
    timeZone: text("time_zone").notNull(),
    nextDueAt: integer("next_due_at"),
    enrolledAt: integer("enrolled_at").notNull(),
    /** A theme comes every so many weeks: 1, 2 or 4. */
    everyWeeks: integer("every_weeks").notNull().default(1),
    /** The reader let the slots before this instant pass. */
    notBefore: integer("not_before"),
    pauseUntil: text("pause_until"),
    resumeAt: integer("resume_at"),
    /** Their answer to the sequence's question: the block it chooses; empty for none. */
    answer: text("answer").notNull().default(""),
    /** When they last took an unsubscription back: an older opt-out does not count against it. */
    returnedAt: integer("returned_at"),
  },
  (table) => [
    uniqueIndex("enrollments_by_subscriber").on(table.subscriberId, table.sequenceId),
    index("enrollments_by_sequence").on(table.sequenceId, table.state),
    index("enrollments_resuming").on(table.resumeAt).where(sql`${table.resumeAt} is not null`),
    index("enrollments_due").on(table.nextDueAt, table.id).where(sql`${table.nextDueAt} is not null`),
  ],
);

/** What we hold about a person in `enrollments`. */
export const enrollmentsPersonal = personal(enrollments, {
  id: internal.kept("links and the ledger point at it"),
  subscriberId: NOT_PERSONAL,
  sequenceId: NOT_PERSONAL,
  round: NOT_PERSONAL,
  state: exported.kept("nothing more may be sent"),
  weekday: exported.erased(1),
  hour: exported.erased(0),
  timeZone: exported.erased("UTC"),
  everyWeeks: exported.erased(1),
  nextDueAt: exported.erased(null),
  notBefore: exported.erased(null),
  pauseUntil: exported.erased(null),
  resumeAt: exported.erased(null),
  enrolledAt: exported.kept("the proof of what was agreed to, and when it ended"),
  answer: exported.erased(""),
  returnedAt: exported.kept("the proof of what was agreed to, and when it ended"),
});

/** The rendition of a step for readers who chose that answer; without a row they get the step's own. */
export const stepVariants = sqliteTable(
  "step_variants",
  {
    stepId: integer("step_id")
      .notNull()
      .references(() => steps.id),
    choice: text("choice").notNull(),
    renditionId: integer("rendition_id")
      .notNull()
      .references(() => renditions.id),
  },
  (table) => [primaryKey({ columns: [table.stepId, table.choice] })],
);

/**
 * Mail in our own words by name and language, as it was last published; `sequenceId` is 0 for what belongs to none. In each language
 * of ours, because people are written to in the language of the form they used.
 */
export const systemMails = sqliteTable(
  "system_mails",
  {
    sequenceId: integer("sequence_id").notNull(),
    name: text("name", { enum: ["confirmation", "welcome_back", "erase", "access"] }).notNull(),
    language: text("language", { enum: LANGUAGES }).notNull(),
    renditionId: integer("rendition_id")
      .notNull()
      .references(() => renditions.id),
  },
  (table) => [primaryKey({ columns: [table.sequenceId, table.name, table.language] })],
);

/**
 * What has been rendered for the site's next edition, which all letters switch to at once: of a step (0 for what is a sequence's own)
 * the plain rendition (`part` empty), one for each choice, or a mail of ours by name and language.
 */
export const nextRenditions = sqliteTable(
  "next_renditions",
  {
    sequenceId: integer("sequence_id").notNull(),
    stepId: integer("step_id").notNull(),
    part: text("part").notNull(),
    renditionId: integer("rendition_id")
      .notNull()
      .references(() => renditions.id),
  },
  (table) => [primaryKey({ columns: [table.sequenceId, table.stepId, table.part] })],
);
