import { and, asc, desc, eq, gt, isNull, lte, type SQL, sql } from "drizzle-orm";
import { readAsOne } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import {
  broadcasts,
  partners,
  sequences,
  steps,
  subscribers,
  suppressions,
  tags,
} from "../../../platform/db/schema/index.ts";
import { listedColumns } from "../../people/queries/find-people.ts";
import { type AskedAt, isIn } from "../../people/queries/segment.ts";
import { isSuppressed } from "../../people/queries/standing.ts";
import type { Segment } from "../../people/segment.ts";
import { mayGetBroadcasts } from "./lock.ts";

/** How many readers a segment is true of, and how many of them don't get a broadcast, by why; `otherLanguage` get it all the same. */
export type Forecast = {
  readonly people: number;
  readonly notAgreed: number;
  readonly suppressed: number;
  readonly otherLanguage: number;
};

/** A forecast over a range of ids, in one statement. By the same conditions as the lock. */
export async function forecastBetween(
  db: Db,
  segment: Segment,
  asked: AskedAt,
  { after, upTo, language }: { readonly after: number; readonly upTo: number; readonly language: string },
): Promise<Forecast> {
  const suppressed = sql`exists (select 1 from ${suppressions} where ${isSuppressed(asked.now)})`;
  const many = (is: SQL) => sql<number>`coalesce(sum(${is}), 0)`;
  const [row] = await db
    .select({
      people: many(sql`(${mayGetBroadcasts(asked.now)})`).as("people"),
      notAgreed: many(sql`not ${subscribers.broadcasts}`).as("not_agreed"),
      suppressed: many(sql`${subscribers.broadcasts} and ${suppressed}`).as("suppressed"),
      otherLanguage: many(
        sql`(${mayGetBroadcasts(asked.now)} and ${subscribers.language} <> ${language})`,
      ).as("other_language"),
    })
    .from(subscribers)
    .where(
      and(
        gt(subscribers.id, after),
        lte(subscribers.id, upTo),
        sql`${subscribers.state} = 'active'`,
        isIn(segment, asked),
      ),
    );
  return row ?? { people: 0, notAgreed: 0, suppressed: 0, otherLanguage: 0 };
}

/** Some of the people whom a segment is true of and who get broadcasts, the newest of the range first. */
export function samplePeople(
  db: Db,
  segment: Segment,
  asked: AskedAt,
  { after, limit }: { readonly after: number; readonly limit: number },
) {
  return db
    .select(listedColumns)
    .from(subscribers)
    .where(and(gt(subscribers.id, after), mayGetBroadcasts(asked.now), isIn(segment, asked)))
    .orderBy(desc(subscribers.id))
    .limit(limit);
}

/** More than anyone has. */
const CHOICES_MAX = 200;
const STEPS_MAX = 300;
const BROADCASTS_MAX = 20;

/** What an audience can be made of, in one statement. */
export function readAudienceChoices(db: Db) {
  return readAsOne(db, {
    sequences: db
      .select({ slug: sequences.slug, title: sequences.title, settings: sequences.settings })
      .from(sequences)
      .orderBy(asc(sequences.title))
      .limit(CHOICES_MAX),
    steps: db
      .select({
        sequence: sql<string>`${sequences.slug}`.as("sequence_slug"),
        slug: steps.slug,
        title: steps.title,
      })
      .from(steps)
      .innerJoin(sequences, eq(sequences.id, steps.sequenceId))
      .where(isNull(steps.archivedAt))
      .orderBy(asc(steps.sequenceId), asc(steps.position))
      .limit(STEPS_MAX),
    partners: db
      .select({ slug: partners.slug, name: partners.name })
      .from(partners)
      .orderBy(asc(partners.name))
      .limit(CHOICES_MAX),
    tags: db.select({ name: tags.name }).from(tags).orderBy(asc(tags.name)).limit(CHOICES_MAX),
    broadcasts: db
      .select({ id: broadcasts.id, subject: broadcasts.subject })
      .from(broadcasts)
      .where(sql`${broadcasts.lockedAt} is not null`)
      .orderBy(desc(broadcasts.id))
      .limit(BROADCASTS_MAX),
  });
}

/** What `readAudienceChoices` finds. */
export type AudienceChoices = Awaited<ReturnType<typeof readAudienceChoices>>;
