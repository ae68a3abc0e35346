import { and, eq, isNull, ne } from "drizzle-orm";
import { batch } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { renditions, sequences, steps } from "../../../platform/db/schema/index.ts";

/** A letter as it stands online. `page` is part of a page, as HTML that was made at publication. */
export type OnlineLetter = { readonly heading: string; readonly page: string };

/** The web copy of a rendition, as it was published then; null where the rendition has none. */
export async function readOnline(db: Db, renditionId: number): Promise<OnlineLetter | null> {
  const [row] = await db
    .select({ heading: renditions.heading, page: renditions.page })
    .from(renditions)
    .where(and(eq(renditions.id, renditionId), ne(renditions.page, "")));
  return row ?? null;
}

/** A theme as the archive shows it; `page` is empty where only the opening is shown. */
export type ArchivedTheme = Awaited<ReturnType<typeof readPublished>>[number] & { readonly page: string };

/** The published themes of a sequence in order, the first `inFull` with their pages; null where it was never published. */
export async function readArchive(
  db: Db,
  slug: string,
  inFull: number,
): Promise<{ readonly title: string; readonly themes: readonly ArchivedTheme[] } | null> {
  const [sequence] = await db
    .select({ id: sequences.id, title: sequences.title })
    .from(sequences)
    .where(eq(sequences.slug, slug));
  if (sequence === undefined) return null;
  const { themes, pages } = await batch(db, {
    themes: readPublished(db, sequence.id),
    pages: readPages(db, sequence.id, inFull),
  });
  return {
    title: sequence.title,
    themes: themes.map((theme, place) => ({ ...theme, page: pages[place]?.page ?? "" })),
  };
}

function published(sequenceId: number) {
  return and(eq(steps.sequenceId, sequenceId), isNull(steps.archivedAt), eq(steps.status, "published"));
}

function readPublished(db: Db, sequenceId: number) {
  const { slug, title, preheader, opening, ornament } = steps;
  return db
    .select({ slug, title, preheader, opening, ornament })
    .from(steps)
    .where(published(sequenceId))
    .orderBy(steps.position);
}

function readPages(db: Db, sequenceId: number, limit: number) {
  return db
    .select({ page: renditions.page })
    .from(steps)
    .innerJoin(renditions, eq(renditions.id, steps.renditionId))
    .where(published(sequenceId))
    .orderBy(steps.position)
    .limit(limit);
}
