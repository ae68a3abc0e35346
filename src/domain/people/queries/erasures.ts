import { and, eq, isNotNull, isNull, ne, type SQL, sql } from "drizzle-orm";
import type { Db } from "../../../platform/db/client.ts";
import { rowsOf } from "../../../platform/db/json-rows.ts";
import { erasures, subscribers } from "../../../platform/db/schema/index.ts";
import { insertFrom } from "../../../platform/db/write.ts";
import type { JournalEntry } from "../../../platform/guard/guard-port.ts";

/** A request to erase someone, with what is needed to fulfil it. */
export type Erasure = {
  readonly erasureId: number;
  readonly subscriberId: number;
  readonly addressHash: string;
  readonly confirmedAt: number | null;
  readonly erasedAt: number | null;
};

const erasureColumns = {
  erasureId: erasures.id,
  subscriberId: erasures.subscriberId,
  addressHash: erasures.addressHash,
  confirmedAt: erasures.confirmedAt,
  erasedAt: erasures.erasedAt,
};

/** The request with this id; null when there is none. */
export async function readErasure(db: Db, erasureId: number): Promise<Erasure | null> {
  const [row] = await db.select(erasureColumns).from(erasures).where(eq(erasures.id, erasureId));
  return row ?? null;
}

/** Condition: confirmed requests that are not fulfilled, as the small index `erasures_open` holds them. */
export const openErasures: SQL = sql`${erasures.confirmedAt} is not null and ${erasures.erasedAt} is null`;

/** Confirmed requests that are not fulfilled; a random choice, so that some that must wait do not keep the others waiting. */
export function listOpenErasures(db: Db, limit: number): Promise<Erasure[]> {
  return db.select(erasureColumns).from(erasures).where(openErasures).orderBy(sql`random()`).limit(limit);
}

/** Makes a request that needs no mailed link, because the owner makes it. Returns its id; null where the person is erased already. */
export async function requestOwnersErasure(
  db: Db,
  request: {
    readonly subscriberId: number;
    readonly addressHash: string;
    readonly requestId: string;
    readonly now: number;
  },
): Promise<number | null> {
  const { subscriberId, addressHash, requestId, now } = request;
  const [person] = await db
    .select({ id: subscribers.id })
    .from(subscribers)
    .where(and(eq(subscribers.id, subscriberId), ne(subscribers.state, "erased")));
  if (person === undefined) return null;
  const [made] = await db
    .insert(erasures)
    .values({ subscriberId, addressHash, requestId, askedAt: now })
    .returning({ id: erasures.id });
  return made?.id ?? null;
}

/** Condition: the request waits for its confirmation. */
export function isUnconfirmed(erasureId: number): SQL {
  return sql`exists (select 1 from ${erasures} where ${erasures.id} = ${erasureId} and ${erasures.confirmedAt} is null)`;
}

/** Statement: confirms a request, once. Returns its id where this statement did. */
export function confirmRequest(db: Db, erasureId: number, now: number) {
  return db
    .update(erasures)
    .set({ confirmedAt: now })
    .where(and(eq(erasures.id, erasureId), isNull(erasures.confirmedAt)))
    .returning({ id: erasures.id });
}

/** Statement: notes that a person's confirmed requests are fulfilled, where `condition` holds. */
export function noteErased(db: Db, subscriberId: number, condition: SQL, now: number) {
  return db
    .update(erasures)
    .set({ erasedAt: now })
    .where(
      and(
        eq(erasures.subscriberId, subscriberId),
        isNull(erasures.erasedAt),
        isNotNull(erasures.confirmedAt),
        condition,
      ),
    );
}

/** Statement: asks anew for erasures that the Guard's journal knows and this database lost; the next ticks fulfil them. */
export function replayErasures(entries: readonly JournalEntry[]) {
  const rows = rowsOf(entries);
  const { of } = rows;
  return insertFrom(
    erasures,
    {
      subscriberId: subscribers.id,
      addressHash: of("addressHash"),
      requestId: sql`lower(hex(randomblob(16)))`,
      askedAt: of("at"),
      confirmedAt: of("at"),
    },
    sql`from ${rows.from} join ${subscribers} on ${subscribers.addressHash} = ${of("addressHash")}
      where ${of("kind")} = 'suppressed' and ${of("reason")} = 'erased' and ${subscribers.state} <> 'erased'
        and ${subscribers.createdAt} <= ${of("at")} and not exists (select 1 from ${erasures}
          where ${erasures.subscriberId} = ${subscribers.id} and ${erasures.confirmedAt} is not null)`,
  );
}
