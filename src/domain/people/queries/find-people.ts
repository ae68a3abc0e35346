import { and, eq, gte, lt, ne } from "drizzle-orm";
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
