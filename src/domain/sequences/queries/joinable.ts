import { and, asc, eq, isNull, sql } from "drizzle-orm";
import { batch } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { sequences, steps } from "../../../platform/db/schema/index.ts";

/** The sequences that take new readers, by title. A statement, for others' batches, too. */
export function selectJoinable(db: Db) {
  return db
    .select({
      slug: sequences.slug,
      title: sequences.title,
      language: sequences.language,
      settings: sequences.settings,
    })
    .from(sequences)
    .where(isNull(sequences.archivedAt))
    .orderBy(asc(sequences.title), asc(sequences.id));
}

/** A sequence as its form needs it. */
export type Joinable = Awaited<ReturnType<typeof selectJoinable>>[number];

/** The same with its published themes in order, as its page shows it. */
export type Offered = Joinable & { readonly themes: readonly OfferedTheme[] };

type OfferedTheme = {
  readonly slug: string;
  readonly title: string;
  readonly preheader: string;
  readonly ornament: string | null;
};

/** The sequences that take new readers and have a published theme, by title. */
export async function listOffered(db: Db): Promise<Offered[]> {
  const { joinable, themes } = await batch(db, {
    joinable: selectJoinable(db),
    themes: db
      .select({
        sequence: sql<string>`${sequences.slug}`.as("sequence"),
        slug: steps.slug,
        title: steps.title,
        preheader: steps.preheader,
        ornament: steps.ornament,
      })
      .from(steps)
      .innerJoin(sequences, eq(sequences.id, steps.sequenceId))
      .where(and(isNull(sequences.archivedAt), isNull(steps.archivedAt), eq(steps.status, "published")))
      .orderBy(asc(steps.sequenceId), asc(steps.position)),
  });
  return joinable
    .map((sequence) => ({ ...sequence, themes: themes.filter((theme) => theme.sequence === sequence.slug) }))
    .filter((sequence) => sequence.themes.length > 0);
}
