import { and, desc, eq, inArray, isNull, ne, or, type SQL, type SQLWrapper, sql } from "drizzle-orm";
import type { Db } from "../../../platform/db/client.ts";
import { among, rowsOf } from "../../../platform/db/json-rows.ts";
import {
  consents,
  erasures,
  subscribers,
  subscribersPersonal,
  wordings,
} from "../../../platform/db/schema/index.ts";
import { erasedValues } from "../../../platform/db/schema/personal.ts";
import { insertFrom, type Write } from "../../../platform/db/write.ts";
import type { JournalEntry } from "../../../platform/guard/guard-port.ts";
import { GENERATION_MAX } from "../../../platform/links/token.ts";
import { byColumn } from "../../../platform/texts/reader-fields.ts";
import type { Address } from "../address.ts";

/** What every change that decides whether someone may be mailed does to their row. */
const RAISED = { standing: sql`${subscribers.standing} + 1` };

/** Statement: adds a pending subscriber for what `from` selects, unless the address is there already. */
export function addSubscriber(
  who: { readonly address: Address; readonly addressHash: string; readonly now: number },
  from: SQL,
): Write {
  const { address, addressHash, now } = who;
  return insertFrom(
    subscribers,
    { address: address.address, addressKey: address.key, addressHash, createdAt: now },
    sql`${from} on conflict do nothing`,
  );
}

/**
 * Statement: makes the person active whose consent was confirmed by this request, under the name that they gave with it where
 * they gave one.
 */
export function activate(
  db: Db,
  by: { readonly consentId: number; readonly confirmationId: string },
  now: number,
) {
  return db
    .update(subscribers)
    .set({
      state: "active",
      confirmedAt: now,
      unsubscribedAt: null,
      revision: sql`${subscribers.revision} + 1`,
      ...RAISED,
      firstConsentId: sql`coalesce(${subscribers.firstConsentId}, ${consents.id})`,
      ...byColumn(
        ({ column }) =>
          sql`case when ${consents[column]} = '' then ${subscribers[column]} else ${consents[column]} end`,
      ),
      language: sql`${consents.language}`,
      broadcasts: sql`case when ${covers(consents.wordingVersion)} then 1 else ${subscribers.broadcasts} end`,
    })
    .from(consents)
    .where(
      and(
        eq(consents.id, by.consentId),
        eq(consents.confirmationId, by.confirmationId),
        eq(subscribers.id, consents.subscriberId),
      ),
    );
}

/**
 * Statement: leaves nothing of these people but the row that links and the ledger point at. `who` selects their ids or is a
 * condition on them.
 */
export function emptyPeople(db: Db, who: SQL) {
  return db
    .update(subscribers)
    .set({ ...erasedValues(subscribersPersonal), ...RAISED })
    .where(and(ne(subscribers.state, "erased"), who));
}

/** Statement: people that `who` names stand otherwise: what is asked for their address, or in force on it, has changed. */
export function raiseStanding(db: Db, who: SQL) {
  return db.update(subscribers).set(RAISED).where(who);
}

/** Statement: pages that a person opened before are out of date, and they stand otherwise, where `condition` holds. */
export function raiseRevision(db: Db, subscriberId: number, condition: SQL) {
  return db
    .update(subscribers)
    .set({ revision: sql`${subscribers.revision} + 1`, ...RAISED })
    .where(and(eq(subscribers.id, subscriberId), condition));
}

/**
 * Makes the links to a reader's pages stop that were made before. Pressed twice on one page, it does so once. False where it did nothing,
 * as after the last generation that a link can carry.
 */
export async function raiseLinkGeneration(
  db: Db,
  { subscriberId, linkGeneration }: { readonly subscriberId: number; readonly linkGeneration: number },
): Promise<boolean> {
  if (linkGeneration >= GENERATION_MAX) return false;
  const raised = await db
    .update(subscribers)
    .set({ linkGeneration: linkGeneration + 1 })
    .where(and(eq(subscribers.id, subscriberId), eq(subscribers.linkGeneration, linkGeneration)))
    .returning({ id: subscribers.id });
  return raised.length > 0;
}

/** Condition: a wording covers broadcasts, by its version. */
function covers(version: SQLWrapper): SQL {
  return sql`exists (select 1 from ${wordings} join json_each(${wordings.covers}) where ${wordings.version} = ${version}
    and json_each.value = 'broadcasts')`;
}

/** Condition: the person agreed to broadcasts after `at`. */
const agreedSince = (at: SQL): SQL => sql`exists (select 1 from ${consents}
  where ${consents.subscriberId} = ${subscribers.id} and ${consents.confirmedAt} > ${at} and ${covers(consents.wordingVersion)})`;

/** Statement: a person gets broadcasts, and is active again, where `condition` holds. Returns their id. */
export function beginBroadcasts(db: Db, subscriberId: number, condition: SQL) {
  return db
    .update(subscribers)
    .set({
      broadcasts: true,
      state: "active",
      unsubscribedAt: null,
      revision: sql`${subscribers.revision} + 1`,
      ...RAISED,
    })
    .where(and(eq(subscribers.id, subscriberId), condition))
    .returning({ id: subscribers.id });
}

/** Statement: people that `who` names get no broadcasts any more. */
export function endBroadcasts(db: Db, who: SQL) {
  return db
    .update(subscribers)
    .set({ broadcasts: false, ...RAISED })
    .where(who);
}

/** Statement: ends broadcasts for whoever an entry of the Guard's journal says left them or everything, unless they agreed to them since. */
export function replayBroadcasts(db: Db, entries: readonly JournalEntry[], condition: SQL = sql`true`) {
  const rows = rowsOf(entries);
  return db
    .update(subscribers)
    .set({ broadcasts: false })
    .from(rows.from)
    .where(
      and(
        eq(subscribers.addressHash, rows.of("addressHash")),
        sql`${rows.of("kind")} <> 'stopped' and ${subscribers.broadcasts} and not ${agreedSince(rows.of("at"))}`,
        condition,
      ),
    );
}

/** Statement: unsubscribes active people that `who` names. Returns their ids. */
export function unsubscribe(db: Db, who: SQL, now: number) {
  return db
    .update(subscribers)
    .set({ state: "unsubscribed", unsubscribedAt: now, ...RAISED })
    .where(and(eq(subscribers.state, "active"), who))
    .returning({ id: subscribers.id });
}

/** Statement: unsubscribes whoever an entry of the Guard's journal says left everything, unless they confirmed, came back or agreed to broadcasts since. */
export function replayUnsubscribed(
  db: Db,
  entries: readonly JournalEntry[],
  goesOn: (at: SQL) => SQL,
  condition: SQL = sql`true`,
) {
  const rows = rowsOf(entries);
  const at = rows.of("at");
  return db
    .update(subscribers)
    .set({ state: "unsubscribed", unsubscribedAt: at })
    .from(rows.from)
    .where(
      and(
        eq(subscribers.addressHash, rows.of("addressHash")),
        sql`${rows.of("kind")} in ('unsubscribed', 'suppressed')`,
        // The plus keeps the index by state out of it, which holds nearly everyone.
        sql`+${subscribers.state} = 'active'`,
        sql`coalesce(${subscribers.confirmedAt}, 0) <= ${at}`,
        sql`not ${goesOn(at)} and not ${agreedSince(at)}`,
        condition,
      ),
    );
}

/** Statement: applies what a reader changed of themselves (or nothing), where `made` holds; they are active again. */
export function applyChange(
  db: Db,
  subscriberId: number,
  become: { readonly firstName?: string; readonly active: boolean },
  made: SQL,
) {
  const { active, ...personal } = become;
  return db
    .update(subscribers)
    .set({
      revision: sql`${subscribers.revision} + 1`,
      ...RAISED,
      ...(active ? { state: "active" as const, unsubscribedAt: null } : {}),
      ...personal,
    })
    .where(and(eq(subscribers.id, subscriberId), made));
}

/** Statement: forgets people who never became readers and have no consent and no erasure left. */
export function forgetNeverReaders(db: Db, ids: readonly number[]) {
  return db
    .delete(subscribers)
    .where(
      and(
        among(subscribers.id, ids),
        inArray(subscribers.state, ["pending", "erased"]),
        isNull(subscribers.confirmedAt),
        sql`not exists (select 1 from ${consents} where ${consents.subscriberId} = ${subscribers.id})`,
        sql`not exists (select 1 from ${erasures} where ${erasures.subscriberId} = ${subscribers.id})`,
      ),
    );
}

/** The subscriber with this address key, or else whoever was erased under its HMAC; null when there is none. */
export async function findSubscriber(db: Db, address: { readonly key: string; readonly hash: string }) {
  const erased = eq(subscribers.state, "erased");
  const [row] = await db
    .select({ id: subscribers.id, state: subscribers.state })
    .from(subscribers)
    .where(
      or(eq(subscribers.addressKey, address.key), and(eq(subscribers.addressHash, address.hash), erased)),
    )
    .orderBy(erased, desc(subscribers.id))
    .limit(1);
  return row ?? null;
}
