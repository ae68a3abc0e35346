import { and, asc, eq, inArray, isNull, ne, or, sql } from "drizzle-orm";
import { batch } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { renditions, sequences, steps, stepVariants } from "../../../platform/db/schema/index.ts";

/** A letter as it is online. `page` is part of a page, as HTML that was made at publication. */
export type OnlineLetter = Awaited<ReturnType<typeof readOnline>> & object;

/** The web copy of a rendition, as it was published then; null where the rendition has none. */
export async function readOnline(db: Db, renditionId: number) {
  const [row] = await db
    .select({ heading: renditions.heading, page: renditions.page, language: renditions.language })
    .from(renditions)
    .where(and(eq(renditions.id, renditionId), ne(renditions.page, "")));
  return row ?? null;
}

/** The published step whose letter a rendition is now, for any answer; null for an older rendition, and one of no step. */
export async function readStepOf(
  db: Db,
  renditionId: number,
): Promise<{ readonly sequence: string; readonly slug: string } | null> {
  const chosen = db
    .select({ id: stepVariants.stepId })
    .from(stepVariants)
    .where(eq(stepVariants.renditionId, renditionId));
  const [row] = await db
    .select({ sequence: sequences.slug, slug: steps.slug })
    .from(steps)
    .innerJoin(sequences, eq(sequences.id, steps.sequenceId))
    .where(
      and(
        or(eq(steps.renditionId, renditionId), inArray(steps.id, chosen)),
        isNull(steps.archivedAt),
        eq(steps.status, "published"),
      ),
    )
    .limit(1);
  return row ?? null;
}

/** The sequences that have published letters, by title. */
export function listArchives(db: Db) {
  return db
    .selectDistinct({ slug: sequences.slug, title: sequences.title, language: sequences.language })
    .from(sequences)
    .innerJoin(steps, and(eq(steps.sequenceId, sequences.id), isNull(steps.archivedAt)))
    .where(eq(steps.status, "published"))
    .orderBy(asc(sequences.title));
}

/** Every sequence with published letters, by title: whether it can be joined, and the slugs of the first `inFull`. */
export async function listPublic(db: Db, inFull: number) {
  const rows = await db
    .select({
      slug: sequences.slug,
      joinable: sql<0 | 1>`${sequences.archivedAt} is null`,
      letter: sql<string>`${steps.slug}`.as("letter"),
    })
    .from(sequences)
    .innerJoin(steps, and(eq(steps.sequenceId, sequences.id), isNull(steps.archivedAt)))
    .where(eq(steps.status, "published"))
    .orderBy(asc(sequences.title), asc(sequences.id), asc(steps.position));
  return [...Map.groupBy(rows, ({ slug }) => slug)].map(([slug, letters]) => ({
    slug,
    joinable: letters[0]?.joinable === 1,
    letters: letters.slice(0, inFull).map(({ letter }) => letter),
  }));
}

/** The archive of a sequence, as its page and its feed show it. */
export type Archive = Awaited<ReturnType<typeof readArchive>> & object;

/** A theme as the archive shows it; `page` is empty where only the opening is shown. */
export type ArchivedTheme = Archive["themes"][number];

/** The published themes of a sequence in order, the first `inFull` with their pages; null where it was never published. */
export async function readArchive(db: Db, slug: string, inFull: number) {
  const [sequence] = await db
    .select({
      id: sequences.id,
      slug: sequences.slug,
      title: sequences.title,
      language: sequences.language,
      settings: sequences.settings,
      publishedAt: sequences.publishedAt,
    })
    .from(sequences)
    .where(eq(sequences.slug, slug));
  if (sequence === undefined) return null;
  const { themes, pages } = await batch(db, {
    themes: readPublished(db, sequence.id),
    pages: readPages(db, sequence.id, inFull),
  });
  return {
    ...sequence,
    themes: themes.map((theme, place) => ({ ...theme, page: pages[place]?.page ?? "" })),
  };
}

function published(sequenceId: number) {
  return and(eq(steps.sequenceId, sequenceId), isNull(steps.archivedAt), eq(steps.status, "published"));
}

function readPublished(db: Db, sequenceId: number) {
  const { slug, title, preheader, opening, ornament } = steps;
  return db
    .select({ slug, title, preheader, opening, ornament, renderedAt: renditions.createdAt })
    .from(steps)
    .innerJoin(renditions, eq(renditions.id, steps.renditionId))
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
