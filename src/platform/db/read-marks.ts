import { type SQL, sql } from "drizzle-orm";
import { run } from "./batch.ts";
import type { Db } from "./client.ts";
import { attempts, facts } from "./schema/index.ts";
import { insertFrom, onConflict, type Write } from "./write.ts";

/** The ids given away by each AUTOINCREMENT table as a JSON object (sqlite.org/autoinc.html), to be selected along. */
export const marksColumn: SQL = sql`(select json_group_object(name, seq) from sqlite_sequence)`;

/**
 * The seals of the last `count` attempts as a JSON object by id, to be selected along. They tell a restored database that has
 * given away as many ids again from the one that was known.
 */
export function sealsColumn(count: number): SQL {
  return sql`(select json_group_object(id, seal) from (select ${attempts.id} as id, ${attempts.seal} as seal
    from ${attempts} order by ${attempts.id} desc limit ${count}))`;
}

function factColumn(name: string): SQL {
  return sql`(select ${facts.value} from ${facts} where ${facts.name} = ${name})`;
}

/** The name of the Guard that this database belongs to, to be selected along; null before the first tick. */
export const guardNameColumn: SQL = factColumn("guard");

/** The last entry of the Guard's journal that this database knows of, to be selected along. */
export const journalSeenColumn: SQL = sql`coalesce(cast(${factColumn("journal")} as integer), 0)`;

/** What `marksColumn`, `sealsColumn`, `guardNameColumn` and `journalSeenColumn` give. */
export type DatabaseMarks = {
  readonly marks: string;
  readonly seals: string;
  readonly guardName: string | null;
  readonly journalSeen: number;
};

/** The columns of `DatabaseMarks`, with the seals of the last `seals` attempts, for a builder's select or returning. */
export function marksColumns(seals: number) {
  return {
    marks: sql<string>`${marksColumn}`.as("marks"),
    seals: sql<string>`${sealsColumn(seals)}`.as("seals"),
    guardName: sql<string | null>`${guardNameColumn}`.as("guard_name"),
    journalSeen: sql<number>`${journalSeenColumn}`.as("journal_seen"),
  };
}

/** What the database says of itself now, with the seals of its last `seals` attempts. */
export async function readMarks(db: Db, seals = 1): Promise<DatabaseMarks> {
  const [row] = await db.select(marksColumns(seals)).from(sql`(select 1)`);
  return row ?? { marks: "{}", seals: "{}", guardName: null, journalSeen: 0 };
}

/** Entries of the Guard's journal: those behind `before` up to `last`. */
export type JournalSpan = { readonly before: number; readonly last: number };

/**
 * Statement: this database, which has the entries behind `before` up to `last`, knows of the Guard's journal up to `last`. Holds only where it
 * knows of the journal up to `before`: of what a restore took meanwhile it must hear again. Never goes back.
 */
export function sawJournal({ before, last }: JournalSpan, condition: SQL = sql`true`): Write {
  return insertFrom(
    facts,
    { name: "journal", value: String(last) },
    sql`where ${condition} and ${journalSeenColumn} >= ${before}
      ${onConflict(facts, ["name"], { take: ["value"], where: sql`cast(${facts.value} as integer) < ${last}` })}`,
  );
}

/** `sawJournal`, by itself. */
export async function rememberJournal(db: Db, span: JournalSpan): Promise<void> {
  await run(db, sawJournal(span));
}

/** How many ids have been given away, to be selected along; the same as `growthOf`. */
export const growthColumn: SQL = sql`(select coalesce(sum(seq), 0) from sqlite_sequence)`;

/**
 * Condition that the database is not from before a reading of its marks: it has given away as many ids as then. To be put into
 * a statement that decides on what was read, because a database can be restored between the two.
 */
export function grownTo(growth: number): SQL {
  return sql`${growthColumn} >= ${growth}`;
}

/** How many ids had been given away at a reading of the marks, for `grownTo`. */
export function growthOf(row: { readonly marks: string }): number {
  return Object.values(JSON.parse(row.marks) as Record<string, number>).reduce((sum, seq) => sum + seq, 0);
}

/** Makes this database belong to a Guard; with `instead`, also where it belonged to another one. */
export async function writeGuardName(db: Db, name: string, instead: boolean): Promise<void> {
  const write = db.insert(facts).values({ name: "guard", value: name });
  await (instead
    ? write.onConflictDoUpdate({ target: facts.name, set: { value: name } })
    : write.onConflictDoNothing());
}

/** Moves the given tables ahead, so that no id up to these is ever given away (again). Never moves one back. */
export async function skipIds(db: Db, marks: Readonly<Record<string, number>>): Promise<void> {
  for (const [table, id] of Object.entries(marks)) {
    // The table is SQLite's own, so no builder knows it.
    await db.run(sql`insert into sqlite_sequence (name, seq) select ${table}, 0
      where not exists (select 1 from sqlite_sequence where name = ${table})`);
    await db.run(sql`update sqlite_sequence set seq = ${id} where name = ${table} and seq < ${id}`);
  }
}
