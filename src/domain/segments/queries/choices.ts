import { asc, desc, eq, isNull, sql } from "drizzle-orm";
import { readAsOne } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { broadcasts, partners, segments, sequences, steps, tags } from "../../../platform/db/schema/index.ts";

/** More than anyone has. */
const CHOICES_MAX = 200;
const STEPS_MAX = 300;
const BROADCASTS_MAX = 20;

/** What a segment can be made of, and the saved ones, in one statement. */
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
    saved: db
      .select({ id: segments.id, name: segments.name, archivedAt: segments.archivedAt })
      .from(segments)
      .orderBy(asc(segments.name))
      .limit(CHOICES_MAX),
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
