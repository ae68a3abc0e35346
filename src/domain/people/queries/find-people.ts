import { and, desc, eq, gte, lt, ne, type SQL, sql } from "drizzle-orm";
import type { Db } from "../../../platform/db/client.ts";
import { subscribers } from "../../../platform/db/schema/index.ts";

/** What a list shows of a person. */
export const listedColumns = {
  id: subscribers.id,
  address: subscribers.address,
  addressKey: subscribers.addressKey,
  state: subscribers.state,
  firstName: subscribers.firstName,
  createdAt: subscribers.createdAt,
  confirmedAt: subscribers.confirmedAt,
  unsubscribedAt: subscribers.unsubscribedAt,
};

/** Behind every character that an address can have. */
const BEHIND_ALL = "\u{10ffff}";

/** A person as a list shows them. */
export type Listed = Awaited<ReturnType<typeof findByBeginning>>[number];

/** People whose folded address begins like this, by address. What begins with nothing is nobody's. */
export function findByBeginning(db: Db, beginning: string, limit: number) {
  const key = subscribers.addressKey;
  return db
    .select(listedColumns)
    .from(subscribers)
    .where(and(gte(key, beginning), lt(key, `${beginning}${BEHIND_ALL}`), ne(subscribers.state, "erased")))
    .orderBy(key)
    .limit(beginning === "" ? 0 : limit);
}

/** A person by id; null where there is none. */
export async function readListed(db: Db, id: number): Promise<Listed | null> {
  const [row] = await db.select(listedColumns).from(subscribers).where(eq(subscribers.id, id));
  return row ?? null;
}

/** People for whom a condition on subscribers holds, the newest first, at most `limit`. */
export function listWhere(db: Db, condition: SQL | undefined, limit: number) {
  return db
    .select(listedColumns)
    .from(subscribers)
    .where(condition)
    .orderBy(desc(subscribers.id))
    .limit(limit);
}

/** The ids of people for whom a condition on subscribers holds, for a step of long work. */
export async function idsWhere(db: Db, condition: SQL): Promise<number[]> {
  const rows = await db.select({ id: subscribers.id }).from(subscribers).where(and(condition));
  return rows.map(({ id }) => id);
}

/** The id of whoever signed up last; 0 for nobody. */
export async function lastPersonId(db: Db): Promise<number> {
  const [row] = await db
    .select({ id: sql<number | null>`max(${subscribers.id})`.as("id") })
    .from(subscribers);
  return row?.id ?? 0;
}
