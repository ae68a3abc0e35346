import { eq, sql } from "drizzle-orm";
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
