import { sql } from "drizzle-orm";
import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import type { Language } from "../../texts/languages.ts";

/** Where an edition came from: what ships with the product, a folder of files, a program, or the desk. */
export const ORIGINS = ["built_in", "files", "api", "desk"] as const;

/** What a consent may be for: the sequence that was signed up for, and letters in between. */
export const SCOPES = ["sequence", "broadcasts"] as const;

/** A weekday (ISO 8601: 1 Monday to 7 Sunday) and an hour (0 to 23). */
export type WeeklyHour = { readonly weekday: number; readonly hour: number };

/** A picture by its name, and its size in pixels. */
export type StoredPicture = { readonly name: string; readonly width: number; readonly height: number };

/** The owner's publication as they wrote it. What they left out is null or empty, and has a default where it's read. */
export type SiteContent = {
  readonly name: string;
  readonly tagline: string;
  readonly author: {
    readonly name: string;
    readonly line: string;
    readonly signOff: string;
    readonly picture?: StoredPicture;
  };
  /** `#rrggbb`, as it is on light grounds. */
  readonly accent: string;
  readonly language: Language;
  readonly timeZone: string;
  readonly slot: WeeklyHour;
  readonly hero: { readonly over: string; readonly heading: string; readonly lead: string };
  /** Answers in Markdown, and as the HTML that was made of it. */
  readonly questions: ReadonlyArray<{
    readonly question: string;
    readonly answer: string;
    readonly html: string;
  }>;
  readonly owner: { readonly name: string; readonly postalAddress: string };
  readonly consent: {
    readonly texts: Readonly<Partial<Record<Language, string>>>;
    readonly covers: readonly (typeof SCOPES)[number][];
  };
  /** How many letters of each sequence anyone may read in full; null where there's no archive. */
  readonly archiveInFull: number | null;
};

/**
 * The site: row 1, none before the first publication; `version` grows with each change. Row 2 is there while letters are rendered for an
 * edition that changes them: then `version` is the one that it follows.
 */
export const site = sqliteTable("site", {
  id: integer("id").primaryKey(),
  version: integer("version").notNull(),
  publishedAt: integer("published_at").notNull(),
  origin: text("origin", { enum: ORIGINS }).notNull(),
  content: text("content", { mode: "json" }).$type<SiteContent>().notNull(),
});

/**
 * Pictures by a name made of their content: of the author, which letters that were mailed name, so that none is ever deleted; and of letters, whose files
 * the bucket has.
 */
export const pictures = sqliteTable(
  "pictures",
  {
    name: text("name").primaryKey(),
    /** The file; empty where the bucket has it. */
    base64: text("base64").notNull(),
    /** In pixels. */
    width: integer("width").notNull(),
    height: integer("height").notNull(),
    createdAt: integer("created_at").notNull(),
    /** When it was last looked whether any letter names it; at first when it was added. */
    checkedAt: integer("checked_at").notNull().default(0),
  },
  (table) => [index("pictures_to_check").on(table.checkedAt).where(sql`${table.base64} = ''`)],
);
