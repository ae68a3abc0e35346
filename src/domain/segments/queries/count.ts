import { and, desc, type SQL, sql } from "drizzle-orm";
import { readAsOne } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { subscribers, suppressions } from "../../../platform/db/schema/index.ts";
import { listedColumns } from "../../people/queries/find-people.ts";
import { isSuppressed, mayGetBroadcasts } from "../../people/queries/standing.ts";
import { clockZone } from "../../sequences/queries/clock-zone.ts";

/** How many people a segment is true of, how many of them would get a letter in between, and why active ones wouldn't; `otherLanguage` get it all the same. */
export type AudienceCount = {
  readonly matching: number;
  readonly people: number;
  readonly notAgreed: number;
  readonly suppressed: number;
  readonly otherLanguage: number;
  /** Those who would get one by the zone of their clock, empty for none known; empty where that wasn't asked. */
  readonly zones: Readonly<Record<string, number>>;
};

/** Nobody. */
export const NOBODY: AudienceCount = {
  matching: 0,
  people: 0,
  notAgreed: 0,
  suppressed: 0,
  otherLanguage: 0,
  zones: {},
};

/** More zones than there are. */
const ZONES_MAX = 1000;

/**
 * Counts people for whom a condition holds, by the same conditions as the lock of a broadcast, and takes some of those who would get a letter in between,
 * the newest first. One statement.
 */
export async function countAndSample(
  db: Db,
  isIn: SQL,
  {
    now,
    language,
    sample,
    byZone,
  }: {
    readonly now: number;
    readonly language: string;
    readonly sample: number;
    readonly byZone: boolean;
  },
) {
  const suppressed = sql`exists (select 1 from ${suppressions} where ${isSuppressed(now)})`;
  const isActive = sql`${subscribers.state} = 'active'`;
  const many = (is: SQL) => sql<number>`coalesce(sum(${is}), 0)`;
  const found = await readAsOne(db, {
    count: db
      .select({
        matching: sql<number>`count(*)`.as("matching"),
        people: many(sql`(${mayGetBroadcasts(now)})`).as("people"),
        notAgreed: many(sql`${isActive} and not ${subscribers.broadcasts}`).as("not_agreed"),
        suppressed: many(sql`${isActive} and ${subscribers.broadcasts} and ${suppressed}`).as("suppressed"),
        otherLanguage: many(sql`(${mayGetBroadcasts(now)} and ${subscribers.language} <> ${language})`).as(
          "other_language",
        ),
      })
      .from(subscribers)
      .where(isIn),
    zones: db
      .select({ zone: clockZone.as("zone"), people: sql<number>`count(*)`.as("people") })
      .from(subscribers)
      .where(and(mayGetBroadcasts(now), isIn))
      .groupBy(sql`1`)
      .limit(byZone ? ZONES_MAX : 0),
    sample: db
      .select(listedColumns)
      .from(subscribers)
      .where(and(mayGetBroadcasts(now), isIn))
      .orderBy(desc(subscribers.id))
      .limit(sample),
  });
  const zones = Object.fromEntries(found.zones.map(({ zone, people }) => [zone ?? "", people]));
  return { count: { ...NOBODY, ...found.count[0], zones }, sample: found.sample };
}
