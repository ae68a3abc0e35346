import type { StepToWrite } from "../sequences/queries/publish-steps.ts";

/** A step as it is stored and as it is to be, reduced to what an edit can change. `content` stands for all but order. */
export type StepVersion = { readonly slug: string; readonly content: string };

export type StepChange = {
  readonly slug: string;
  readonly change: "new" | "changed" | "unchanged" | "moved" | "archived";
};

/** A step as it is compared with what is stored: by what's written in it. */
export function stepVersion(step: Omit<StepToWrite, "title" | "opening" | "hash" | "variants">) {
  const { slug, subject, preheader, markdown, status, backfill, ornament } = step;
  return { slug, content: JSON.stringify([subject, preheader, markdown, status, backfill, ornament]) };
}

/**
 * What a publication changes, in the new order, the archived ones last. A step is `moved` when it left its place among
 * the others (the fewest steps that explain the new order); one that moved and changed is `changed`.
 */
export function diffSteps(stored: readonly StepVersion[], wanted: readonly StepVersion[]): StepChange[] {
  const storedPlace = new Map(stored.map((step, place) => [step.slug, place]));
  const storedContent = new Map(stored.map((step) => [step.slug, step.content]));
  const kept = wanted.filter((step) => storedPlace.has(step.slug));
  const inPlace = longestRise(kept.map((step) => storedPlace.get(step.slug) ?? -1));
  const changes: StepChange[] = wanted.map((step) => {
    const content = storedContent.get(step.slug);
    if (content === undefined) return { slug: step.slug, change: "new" };
    if (content !== step.content) return { slug: step.slug, change: "changed" };
    const place = storedPlace.get(step.slug) ?? -1;
    return { slug: step.slug, change: inPlace.has(place) ? "unchanged" : "moved" };
  });
  const wantedSlugs = new Set(wanted.map((step) => step.slug));
  for (const step of stored) {
    if (!wantedSlugs.has(step.slug)) changes.push({ slug: step.slug, change: "archived" });
  }
  return changes;
}

/** The members of a longest increasing subsequence of distinct numbers. */
function longestRise(places: readonly number[]): ReadonlySet<number> {
  let best: readonly number[] = [];
  const endingAt: number[][] = [];
  for (const place of places) {
    let longest: readonly number[] = [];
    for (const rise of endingAt) {
      if ((rise.at(-1) ?? -1) < place && rise.length > longest.length) longest = rise;
    }
    const rise = [...longest, place];
    endingAt.push(rise);
    if (rise.length > best.length) best = rise;
  }
  return new Set(best);
}
