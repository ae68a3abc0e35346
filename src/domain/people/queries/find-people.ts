import { and, desc, eq, gte, lt, ne } from "drizzle-orm";
import type { Db } from "../../../platform/db/client.ts";
import { subscribers } from "../../../platform/db/schema/index.ts";
import type { SubscriberState } from "../subscriber-state.ts";

const columns = {
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
export type Listed = Awaited<ReturnType<typeof listPeople>>[number];

/** People behind `before` (an id), the newest first, in one state or in any but erased. */
export function listPeople(
  db: Db,
  page: { readonly before: number; readonly state: SubscriberState | null; readonly limit: number },
) {
  const { before, state, limit } = page;
  return db
    .select(columns)
    .from(subscribers)
    .where(
      and(
        lt(subscribers.id, before),
        state === null ? ne(subscribers.state, "erased") : eq(subscribers.state, state),
      ),
    )
    .orderBy(desc(subscribers.id))
    .limit(limit);
}

/** People whose folded address begins like this, by address. What begins with nothing is nobody's. */
export function findByBeginning(db: Db, beginning: string, limit: number) {
  const key = subscribers.addressKey;
  return db
    .select(columns)
    .from(subscribers)
    .where(and(gte(key, beginning), lt(key, `${beginning}${BEHIND_ALL}`), ne(subscribers.state, "erased")))
    .orderBy(key)
    .limit(beginning === "" ? 0 : limit);
}

/** A person by id; null where there is none. */
export async function readListed(db: Db, id: number): Promise<Listed | null> {
  const [row] = await db.select(columns).from(subscribers).where(eq(subscribers.id, id));
  return row ?? null;
}
