import { and, eq, isNull, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import type { Db } from "../../../platform/db/client.ts";
import { among } from "../../../platform/db/json-rows.ts";
import { consents, consentsPersonal } from "../../../platform/db/schema/index.ts";
import { erasedValues } from "../../../platform/db/schema/personal.ts";
import { insertFrom, type Values } from "../../../platform/db/write.ts";
import { byColumn } from "../../../platform/texts/reader-fields.ts";

/** Statement: records acts of consenting, one for each row that `from` selects. */
export function addConsent(consent: Values<typeof consents>, from: SQL) {
  return insertFrom(consents, consent, from);
}

const later = alias(consents, "later");

/** Condition: nothing of that sequence was confirmed by the person since the consent was asked for: its link is not spent. */
const isLatest: SQL = sql`not exists (select 1 from ${consents} later
  where ${later.subscriberId} = ${consents.subscriberId} and ${later.sequenceId} = ${consents.sequenceId}
    and ${later.confirmedAt} >= ${consents.requestedAt})`;

/** Condition: the consent is open, and its link is not spent. */
const open = and(isNull(consents.confirmedAt), isNull(consents.deniedAt), isLatest);

/** Statement: confirms a consent as a compare-and-set, where it is open and `condition` holds. `confirmationId` names who won. */
export function confirmOnce(
  db: Db,
  confirm: { readonly consentId: number; readonly confirmationId: string; readonly now: number },
  condition: SQL,
) {
  return db
    .update(consents)
    .set({ confirmedAt: confirm.now, confirmationId: confirm.confirmationId })
    .where(and(eq(consents.id, confirm.consentId), open, condition));
}

/** Statement: denies a consent in the same way. Returns its id. */
export function denyOnce(
  db: Db,
  deny: { readonly consentId: number; readonly denialId: string; readonly now: number },
  condition: SQL,
) {
  return db
    .update(consents)
    .set({ deniedAt: deny.now, confirmationId: deny.denialId })
    .where(and(eq(consents.id, deny.consentId), open, condition))
    .returning({ id: consents.id });
}

/** Statement: denies the open consents of these people. */
export function denyOpenOf(db: Db, people: SQL, now: number) {
  return db
    .update(consents)
    .set({ deniedAt: now })
    .where(
      and(
        sql`${consents.subscriberId} in ${people}`,
        isNull(consents.confirmedAt),
        isNull(consents.deniedAt),
      ),
    );
}

/** Statement: takes what was told and the network out of a person's denied consents. */
export function emptyDenied(db: Db, person: SQL) {
  return db
    .update(consents)
    .set({ ...byColumn(() => ""), ipHash: null })
    .where(sql`${consents.subscriberId} = ${person} and ${consents.deniedAt} is not null`);
}

/** Statement: takes name, zone and networks out of a person's consents; open ones can't be confirmed any more. Where `condition` holds. */
export function emptyConsentsOf(db: Db, subscriberId: number, condition: SQL, now: number) {
  return db
    .update(consents)
    .set({
      ...erasedValues(consentsPersonal),
      deniedAt: sql`case when ${consents.confirmedAt} is null then coalesce(${consents.deniedAt}, ${now})
        else ${consents.deniedAt} end`,
    })
    .where(and(eq(consents.subscriberId, subscriberId), condition));
}

/** Condition: consents that were asked for before `before` and never confirmed, as the index `consents_unconfirmed` holds them. */
export function lapsedBefore(before: number): SQL {
  return sql`${consents.confirmedAt} is null and ${consents.requestedAt} < ${before}`;
}

const unconfirmed = (ids: readonly number[]) => and(among(consents.id, ids), isNull(consents.confirmedAt));

/** Query: the ids of those of these consents that are still not confirmed. */
export function unconfirmedOf(db: Db, ids: readonly number[]) {
  return db.select({ id: consents.id }).from(consents).where(unconfirmed(ids));
}

/** Statement: forgets those of these consents that are still not confirmed. Returns their ids. */
export function forgetUnconfirmed(db: Db, ids: readonly number[]) {
  return db.delete(consents).where(unconfirmed(ids)).returning({ id: consents.id });
}

/** Condition: consents whose network is known and was noted before `before`, as the index `consents_with_ip` holds them. */
export function networksBefore(before: number): SQL {
  return sql`${consents.ipHash} is not null and ${consents.requestedAt} < ${before}`;
}

/** Statement: forgets some of those networks. */
export function forgetNetworks(db: Db, before: number, limit: number) {
  const old = db
    .select({ id: consents.id })
    .from(consents)
    .where(networksBefore(before))
    .orderBy(consents.requestedAt)
    .limit(limit);
  return db.update(consents).set({ ipHash: null }).where(sql`${consents.id} in ${old}`);
}
