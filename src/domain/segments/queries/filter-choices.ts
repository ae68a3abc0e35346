import { asc, isNull } from "drizzle-orm";
import { readAsOne } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { partners, segments, sequences, tags } from "../../../platform/db/schema/index.ts";

/** More than anyone has. */
const CHOICES_MAX = 200;

/** What a filter can be made of: saved segments, sequences, partners and tags by name, in one statement. */
export function readFilterChoices(db: Db) {
  return readAsOne(db, {
    sequences: db
      .select({ slug: sequences.slug, title: sequences.title })
      .from(sequences)
      .orderBy(asc(sequences.title))
      .limit(CHOICES_MAX),
    partners: db
      .select({ slug: partners.slug, name: partners.name })
      .from(partners)
      .orderBy(asc(partners.name))
      .limit(CHOICES_MAX),
    saved: db
      .select({ id: segments.id, name: segments.name })
      .from(segments)
      .where(isNull(segments.archivedAt))
      .orderBy(asc(segments.name))
      .limit(CHOICES_MAX),
    tags: db.select({ name: tags.name }).from(tags).orderBy(asc(tags.name)).limit(CHOICES_MAX),
  });
}

/** What `readFilterChoices` finds. */
export type FilterChoices = Awaited<ReturnType<typeof readFilterChoices>>;
