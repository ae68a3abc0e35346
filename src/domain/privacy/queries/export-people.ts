import { and, asc, eq, gt, sql } from "drizzle-orm";
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
import type { Filter } from "../../people/filter.ts";
import { matches } from "../../people/queries/filter.ts";
import { inForce } from "../../people/queries/suppressions.ts";
import { ledgerOf } from "../../sequences/queries/themes.ts";

/** People a page. */
const PAGE = 250;
/** A reading looks no further than this, however few match. */
const IDS_A_PAGE = 20_000;

/** A person in a sequence (or in none), as a row of the file. */
export type ExportedRow = ResultOf<ReturnType<typeof rowsOf>>[number];

function rowsOf(
  db: Db,
  filter: Filter,
  range: { readonly after: number; readonly upTo: number },
  now: number,
) {
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
      sql`${subscribers.id} in (select ${subscribers.id} from ${subscribers} where ${subscribers.id} > ${range.after}
        and ${subscribers.id} <= ${range.upTo} and ${matches(filter)} order by ${subscribers.id} limit ${PAGE})`,
    )
    .orderBy(asc(subscribers.id), asc(enrollments.id));
}

/** People behind `after` (an id) that a filter is true of, a page of them, and from where to go on; null at the end (`last` is the last id of all). */
export async function exportPage(
  db: Db,
  filter: Filter,
  { after, last, now }: { readonly after: number; readonly last: number; readonly now: number },
): Promise<{ readonly rows: readonly ExportedRow[]; readonly next: number | null }> {
  const upTo = Math.min(after + IDS_A_PAGE, last);
  const { rows } = await readAsOne(db, { rows: rowsOf(db, filter, { after, upTo }, now) });
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
