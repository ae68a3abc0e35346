import type { LetterPlace } from "../../../emails/weekly-theme.tsx";
import type { Site } from "../site/site.ts";

/** A step as far as its place among the others needs it. */
export type Placed = { readonly slug: string; readonly title: string };

/** Where a sequence's public letters stand. */
export type PublicLetters = {
  readonly sequence: string;
  readonly publicUrl: string;
  readonly site: Pick<Site, "archiveInFull">;
};

/** The place of a published step by its number, from 1; of the next one its title, null for the last. Shared is a letter that the archive shows in full. */
export function placeOf(
  { slug, title }: Placed,
  { number, of, next }: { readonly number: number; readonly of: number; readonly next: string | null },
  { sequence, publicUrl, site: { archiveInFull } }: PublicLetters,
): LetterPlace {
  const isShared = archiveInFull !== null && number <= archiveInFull;
  return { number, of, title, next, share: isShared ? `${publicUrl}/letters/${sequence}/${slug}` : null };
}

/** The places of the published steps of a sequence, in their order, by their slugs. */
export function placesOf(published: readonly Placed[], of: PublicLetters): ReadonlyMap<string, LetterPlace> {
  return new Map(
    published.map((step, index) => {
      const next = published[index + 1]?.title ?? null;
      return [step.slug, placeOf(step, { number: index + 1, of: published.length, next }, of)];
    }),
  );
}
