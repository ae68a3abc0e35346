import { and, desc, eq, lt, type SQL, type SQLWrapper, sql } from "drizzle-orm";
import { DAY_MS } from "../../../platform/calendar/durations.ts";
import { batch } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { listOf } from "../../../platform/db/json-rows.ts";
import {
  type DraftedLetter,
  type DraftedOutline,
  drafts,
  sequences,
  steps,
} from "../../../platform/db/schema/index.ts";
import { insertFrom, type Write } from "../../../platform/db/write.ts";
import type { Doer } from "../../acts/act.ts";
import { stepAsWritten } from "../../sequences/queries/editions.ts";

/** A save: of a letter by its slug, or of the outline. */
export type Save =
  | { readonly kind: "letter"; readonly letter: string; readonly content: DraftedLetter }
  | { readonly kind: "outline"; readonly content: DraftedOutline };

/** The id of the newest row of a kind, or of one letter; null without one. */
const newestOf = (sequence: SQL | string, kind: string, letter: string | null = null) =>
  sql`(select max(${drafts.id}) from ${drafts} where ${drafts.sequence} = ${sequence} and ${drafts.kind} = ${kind}
    ${letter === null ? sql`` : sql`and ${drafts.letter} = ${letter}`})`;

/** The id of the last `done` of a sequence; 0 without one. */
const doneBefore = (sequence: SQL | string) => sql`coalesce(${newestOf(sequence, "done")}, 0)`;

/** Each value of a column once, of those rows where `among` holds: looked up one behind the other, however many rows have it. */
const eachOf = (column: SQLWrapper, among: SQL) => sql`with recursive named(slug) as (
  select min(${column}) from ${drafts} where ${among}
  union all select (select min(${column}) from ${drafts} where ${among} and ${column} > named.slug) from named
    where named.slug is not null)`;

/** The id of the save that stands now, which is its revision; 0 where the published one stands. */
const standing = (sequence: string, kind: Save["kind"], letter: string): SQL =>
  sql`coalesce((select max(${drafts.id}) from ${drafts} where ${drafts.sequence} = ${sequence}
    and ${drafts.kind} = ${kind} and ${drafts.letter} = ${letter} and ${drafts.id} > ${doneBefore(sequence)}), 0)`;

/** Saves that another one stands over are kept so long, and then go with the next save. */
export const KEPT_MS = 90 * DAY_MS;

/**
 * Keeps a save over the revision that was seen. Returns its own revision; null, with nothing kept, where another one stands by now.
 */
export async function keepSave(
  db: Db,
  sequence: string,
  save: Save,
  { seen, now, by }: { readonly seen: number; readonly now: number; readonly by: Doer },
): Promise<number | null> {
  const letter = save.kind === "letter" ? save.letter : "";
  const row = { sequence, letter, kind: save.kind, content: save.content, at: now, actor: by.actor };
  const { kept } = await batch(db, {
    kept: insertFrom(drafts, row, sql`where ${standing(sequence, save.kind, letter)} = ${seen}`).returning({
      id: drafts.id,
    }),
    forgotten: db
      .delete(drafts)
      .where(
        and(
          eq(drafts.sequence, sequence),
          eq(drafts.kind, save.kind),
          eq(drafts.letter, letter),
          lt(drafts.at, now - KEPT_MS),
          sql`${drafts.id} < ${newestOf(sequence, save.kind, letter)}`,
        ),
      ),
  });
  return kept[0]?.id ?? null;
}

/** Statement: what was written so far is done with, by publishing it or by throwing it away. */
export function doneWith(
  sequence: string,
  { now, by }: { readonly now: number; readonly by: Doer },
  condition: SQL = sql`true`,
): Write {
  const row = { sequence, letter: "", kind: "done", content: null, at: now, actor: by.actor } as const;
  return insertFrom(drafts, row, sql`where ${condition}`);
}

/** Condition: nothing of a sequence was saved behind `newest`, so publishing what was read leaves nothing out. */
export function nothingSavedSince(sequence: string, newest: number): SQL {
  return sql`max(coalesce(${newestOf(sequence, "letter")}, 0), coalesce(${newestOf(sequence, "outline")}, 0))
    <= max(${newest}, ${doneBefore(sequence)})`;
}

/** Statements: keep saves over whatever stands, where `condition` holds; by place. */
export function keepSaves(
  sequence: string,
  saves: readonly Save[],
  { now, by }: { readonly now: number; readonly by: Doer },
  condition: SQL,
): Record<string, Write> {
  return Object.fromEntries(
    saves.map((save, place) => {
      const letter = save.kind === "letter" ? save.letter : "";
      const row = { sequence, letter, kind: save.kind, content: save.content, at: now, actor: by.actor };
      return [`carried${place}`, insertFrom(drafts, row, sql`where ${condition}`)] as const;
    }),
  );
}

/** What editions of the site, and broadcasts, are kept under: no sequence has an empty slug. */
export const OF_SITE = "";
/** The list that broadcasts belong to, as mailboxes know it. */
export const BROADCAST_LIST = "broadcasts";

/** Statement: keeps the edition that a publication replaces, as PUT takes it (the site: as it's stored); null where there was none. */
export function keepEdition(
  sequence: string,
  replaced: unknown,
  { now, by }: { readonly now: number; readonly by: Doer },
  condition: SQL,
): Write {
  const row = { sequence, letter: "", kind: "edition", content: replaced, at: now, actor: by.actor } as const;
  return insertFrom(drafts, row, sql`where ${condition}`);
}

/**
 * The saves of a sequence that stand now, each with its revision; its archived letters as they were published; and the edition that the last
 * publication replaced, where one is kept.
 */
export async function readSaves(db: Db, sequence: string) {
  const ofLetters = sql`(${eachOf(drafts.letter, sql`${drafts.sequence} = ${sequence} and ${drafts.kind} = 'letter'`)}
    select (select max(${drafts.id}) from ${drafts} where ${drafts.sequence} = ${sequence} and ${drafts.kind} = 'letter'
      and ${drafts.letter} = named.slug) from named where named.slug is not null)`;
  const stands = sql`(${drafts.id} in ${ofLetters} or ${drafts.id} = ${newestOf(sequence, "outline")})`;
  const { id, kind, letter, content } = drafts;
  const { slug, subject, preheader, markdown, ornament } = stepAsWritten;
  const saves = listOf(
    { id, kind, letter, content },
    sql`from ${drafts} where ${stands} and ${drafts.id} > ${doneBefore(sequence)}`,
  );
  const archived = listOf(
    { slug, subject, preheader, markdown, ornament },
    sql`from ${steps} join ${sequences} on ${sequences.id} = ${steps.sequenceId}
      where ${sequences.slug} = ${sequence} and ${steps.archivedAt} is not null`,
  );
  const replaced = listOf(
    { id },
    sql`from ${drafts} where ${drafts.id} = ${newestOf(sequence, "edition")} and coalesce(${drafts.content}, 'null') <> 'null'`,
  );
  const [row] = await db
    .select({
      saves: saves.as("saves"),
      archived: archived.as("archived"),
      replaced: replaced.as("replaced"),
    })
    .from(sql`(select 1)`);
  return row ?? { saves: [], archived: [], replaced: [] };
}

/** Sequences of which something is being written, with the titles that their outlines give them (null for none); at most `limit`. */
export async function listDrafted(db: Db, limit: number) {
  const own = sql`named.slug`;
  return db
    .select({
      slug: sql<string>`slug`,
      title: sql<
        string | null
      >`(select ${drafts.content} ->> 'title' from ${drafts} where ${drafts.id} = ${newestOf(sql`slug`, "outline")})`.as(
        "title",
      ),
    })
    .from(sql`(${eachOf(drafts.sequence, sql`true`)} select named.slug from named where named.slug is not null
      and max(coalesce(${newestOf(own, "letter")}, 0), coalesce(${newestOf(own, "outline")}, 0)) > ${doneBefore(own)})`)
    .limit(limit);
}

/** The saves of a letter, the newest first, also those of before the last publication; at most `limit`. */
export function listSaves(db: Db, sequence: string, letter: string, limit: number) {
  return db
    .select({ id: drafts.id, at: drafts.at, actor: drafts.actor, content: drafts.content })
    .from(drafts)
    .where(and(eq(drafts.sequence, sequence), eq(drafts.kind, "letter"), eq(drafts.letter, letter)))
    .orderBy(desc(drafts.id))
    .limit(limit);
}

/** The edition that the last publication of a sequence, or of the site, replaced; null where none is kept, `content` null where there was none. */
export async function readReplaced(db: Db, sequence: string) {
  const [row] = await db
    .select({ id: drafts.id, at: drafts.at, content: drafts.content })
    .from(drafts)
    .where(and(eq(drafts.sequence, sequence), eq(drafts.kind, "edition")))
    .orderBy(desc(drafts.id))
    .limit(1);
  return row ?? null;
}
