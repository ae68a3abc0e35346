import { and, eq, sql } from "drizzle-orm";
import type { Db } from "./client.ts";
import { facts } from "./schema/index.ts";

/** Keeps a fact about this database, unless it has one of that name already. Returns what is kept now. */
export async function keepFact(db: Db, name: string, value: string): Promise<string> {
  const [kept] = await db
    .insert(facts)
    .values({ name, value })
    .onConflictDoUpdate({ target: facts.name, set: { value: sql`${facts.value}` } })
    .returning({ value: facts.value });
  return kept?.value ?? value;
}

/** A fact about this database; null where none of that name is kept. */
export async function readFact(db: Db, name: string): Promise<string | null> {
  const [kept] = await db.select({ value: facts.value }).from(facts).where(eq(facts.name, name));
  return kept?.value ?? null;
}

/** Keeps a fact about this database in place of what was kept. */
export async function writeFact(db: Db, name: string, value: string): Promise<void> {
  await db.insert(facts).values({ name, value }).onConflictDoUpdate({ target: facts.name, set: { value } });
}

/** Sets a part of a fact that is JSON, by its path, where another part of it is so; nothing where it isn't, or there's no such fact. */
export async function setInFact(
  db: Db,
  name: string,
  part: {
    readonly where: readonly [path: string, is: string];
    readonly set: string;
    readonly value: number | boolean;
  },
): Promise<void> {
  const [path, is] = part.where;
  const value = sql`json(${JSON.stringify(part.value)})`;
  await db
    .update(facts)
    .set({ value: sql`json_set(${facts.value}, ${`$.${part.set}`}, ${value})` })
    .where(and(eq(facts.name, name), eq(sql`json_extract(${facts.value}, ${`$.${path}`})`, is)));
}
