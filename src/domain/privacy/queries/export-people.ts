import { and, asc, eq, gt, type SQL, sql } from "drizzle-orm";
import { type ResultOf, readAsOne } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import {
  consents,
  enrollments,
  partners,
  readerTags,
  sequences,
  subscribers,
  suppressions,
  tags,
} from "../../../platform/db/schema/index.ts";
import { inForce } from "../../people/queries/suppressions.ts";
import { type Asked, partEnd } from "../../segments/queries/compile.ts";
import type { Segment } from "../../segments/segment.ts";
import { whoIsIn } from "../../segments/who-is-in.ts";
import { ledgerOf } from "../../sequences/queries/themes.ts";

/** People a page. */
const PAGE = 250;
/** A reading looks through so many people at most, however few match. */
const LOOKED_THROUGH = 5000;

/** A person in a sequence (or in none), as a row of the file. */
export type ExportedRow = ResultOf<ReturnType<typeof rowsOf>>[number];

function rowsOf(db: Db, isIn: SQL, now: number) {
  return db
    .select({
      id: subscribers.id,
      address: subscribers.address,
      firstName: subscribers.firstName,
      state: subscribers.state,
      joinedAt: subscribers.createdAt,
      confirmedAt: subscribers.confirmedAt,
      unsubscribedAt: subscribers.unsubscribedAt,
      source: sql<
        string | null
      >`(select coalesce(${partners.slug}, 'own') from ${consents} left join ${partners}
        on ${partners.id} = ${consents.partnerId} where ${consents.id} = ${subscribers.firstConsentId})`.as(
        "source",
      ),
      wording: sql<
        string | null
      >`(select ${consents.wordingVersion} from ${consents} where ${consents.subscriberId} = ${subscribers.id}
        and ${consents.confirmedAt} is not null order by ${consents.id} desc limit 1)`.as("wording"),
      tags: sql<
        string | null
      >`(select group_concat(${tags.name}, ';') from ${readerTags} join ${tags} on ${tags.id} = ${readerTags.tagId}
        where ${readerTags.subscriberId} = ${subscribers.id})`.as("tag_names"),
      sequence: sql<string | null>`${sequences.slug}`.as("sequence"),
      enrollment: sql<string | null>`${enrollments.state}`.as("enrollment"),
      ledger: ledgerOf(sql`${enrollments.id}`).as("ledger"),
      weekday: enrollments.weekday,
      hour: enrollments.hour,
      timeZone: enrollments.timeZone,
      everyWeeks: enrollments.everyWeeks,
      suppression: sql<string | null>`(select ${suppressions.reason} from ${suppressions}
        where ${suppressions.addressHash} = ${subscribers.addressHash} and ${inForce(now)})`.as(
        "suppression",
      ),
    })
    .from(subscribers)
    .leftJoin(enrollments, eq(enrollments.subscriberId, subscribers.id))
    .leftJoin(sequences, eq(sequences.id, enrollments.sequenceId))
    .where(
      sql`${subscribers.id} in (select ${subscribers.id} from ${subscribers} where ${isIn}
        order by ${subscribers.id} limit ${PAGE})`,
    )
    .orderBy(asc(subscribers.id), asc(enrollments.id));
}

/** People behind `after` (an id) that a segment is true of, a page of them, and from where to go on; null at the end (`last` is the last id of all). */
export async function exportPage(
  db: Db,
  segment: Segment,
  asked: Asked,
  { after, last }: { readonly after: number; readonly last: number },
): Promise<{ readonly rows: readonly ExportedRow[]; readonly next: number | null }> {
  const upTo = await partEnd(db, segment, { after, upTo: last }, LOOKED_THROUGH);
  const isIn = await whoIsIn(db, segment, asked, { after, upTo });
  const { rows } = await readAsOne(db, { rows: rowsOf(db, isIn, asked.now) });
  const people = new Set(rows.map(({ id }) => id)).size;
  const next = people === PAGE ? (rows.at(-1)?.id ?? null) : upTo;
  return { rows, next: next !== null && next < last ? next : null };
}

/** Suppressions in force behind a hash, a page of them, in their order. */
export function suppressionsPage(db: Db, after: string, limit: number, now: number) {
  const { addressHash, reason, at, until } = suppressions;
  return db
    .select({ addressHash, reason, at, until })
    .from(suppressions)
    .where(and(gt(addressHash, after), inForce(now)))
    .orderBy(asc(addressHash))
    .limit(limit);
}
