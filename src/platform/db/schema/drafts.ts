import { sql } from "drizzle-orm";
import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { LANGUAGES } from "../../texts/languages.ts";
import type { SequenceSettings } from "./sequences.ts";

/** A letter that's being written: what an author can say of it. */
export type DraftedLetter = {
  readonly subject: string;
  readonly preheader: string;
  readonly markdown: string;
  readonly ornament: string | null;
};

/** A letter that someone at the desk sent themselves: who gets it, of which list and step it is (null for a welcome), and its rendition's hash. */
export type SentTest = {
  readonly personId: number;
  readonly title: string;
  readonly step: string | null;
  readonly hash: string;
};

/** Which letters a sequence is to have, in order. It goes with one published version: of another one it says nothing. */
export type DraftedOutline = {
  /** The version that it was made on; null for a sequence that isn't published. */
  readonly base: { readonly version: number; readonly publishedAt: number } | null;
  readonly title: string;
  readonly language: (typeof LANGUAGES)[number];
  /** Those of the version that it was made on, where it says none. */
  readonly settings?: SequenceSettings;
  readonly steps: ReadonlyArray<{
    readonly slug: string;
    readonly status: "published" | "draft";
    readonly backfill: boolean;
  }>;
};

/**
 * Everything that was written at the desk, save by save, and the editions that publications replaced. Per sequence (by slug: it needn't be
 * published yet) and letter. A row is never changed. What's being written now are the newest rows behind the last `done`, which a
 * publication from the desk writes, or throwing everything away.
 * - letter: `content` is a DraftedLetter; `letter` its slug.
 * - outline: `content` is a DraftedOutline; `letter` is empty, as for the next two.
 * - edition: `content` is the publication that was replaced, as PUT takes it; null where there was none. With an empty sequence it's a SiteContent.
 * - done: `content` is null.
 * - sent: a letter that its actor sent themselves, on which the delivery hangs; `content` is a SentTest.
 */
export const drafts = sqliteTable(
  "drafts",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    sequence: text("sequence_slug").notNull(),
    letter: text("letter_slug").notNull(),
    kind: text("kind", { enum: ["letter", "outline", "edition", "done", "sent"] }).notNull(),
    content: text("content", { mode: "json" }).$type<unknown>(),
    at: integer("at").notNull(),
    actor: text("actor").notNull(),
  },
  (table) => [
    index("drafts_by_letter").on(table.sequence, table.kind, table.letter, table.id),
    index("drafts_by_kind").on(table.sequence, table.kind, table.id),
    index("drafts_sent").on(table.at).where(sql`${table.kind} = 'sent'`),
  ],
);
