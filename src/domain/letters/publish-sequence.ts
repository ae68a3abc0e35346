import type { Doer } from "../acts/act.ts";
import { keptFields } from "../acts/kept-fields.ts";
import { isSameVersion, type SeenVersion } from "../sequences/queries/editions.ts";
import { resumeCompleted } from "../sequences/resume-completed.ts";
import { type Kept, mayReplace, type Origin } from "../site/origin.ts";
import type { StepChange } from "./diff-steps.ts";
import type { LetterFault } from "./letter-rules.ts";
import type { Publication } from "./letter-schema.ts";
import { type PreparedPublication, type PublishDeps, preparePublication } from "./prepare-publication.ts";
import { type PublishedDraft, writePublication } from "./queries/publication.ts";

export type PublishResult =
  | {
      readonly kind: "published";
      readonly steps: readonly StepChange[];
      readonly resumed: number;
      /** The version that is there by this publication. */
      readonly version: SeenVersion;
      readonly warnings: readonly LetterFault[];
    }
  | { readonly kind: "faulty"; readonly faults: readonly LetterFault[] }
  | Kept
  /** Someone else changed the sequence in the meantime, or the site. */
  | { readonly kind: "stale" };

/**
 * Publishes a whole sequence: reports every fault and stores nothing, or stores all of it in one batch. Publishing the same
 * again writes nothing. Letters that are already planned keep their rendition. With `resume`, readers who had everything
 * go on with what they lack now. `stale` where the sequence isn't at the version that was seen (null: it wasn't there).
 */
export async function publishSequence(
  deps: PublishDeps & { readonly by: Doer },
  slug: string,
  publication: Publication,
  {
    seen,
    origin,
    force,
    draft = () => null,
  }: {
    readonly seen: SeenVersion | null;
    readonly origin: Origin;
    readonly force: boolean;
    /** The draft that it publishes, over the version that's made. */
    readonly draft?: (version: SeenVersion) => PublishedDraft | null;
  },
): Promise<PublishResult> {
  const preparation = await preparePublication(deps, slug, publication);
  if (preparation.kind === "faulty") return preparation;
  const { prepared } = preparation;
  if (!isSameVersion(prepared.seen, seen)) return { kind: "stale" };
  const { changes, warnings, same } = prepared;
  const { db, now, by, site } = deps;
  const next = { version: (seen?.version ?? 0) + 1, publishedAt: now };
  if (!same) {
    const { publishedFrom } = prepared;
    if (publishedFrom !== null && !mayReplace(publishedFrom, { origin, force }))
      return { kind: "kept", publishedFrom, differs: changesOf(prepared) };
    const changed = await keptFields(changesOf(prepared));
    if (
      !(await writePublication(db, {
        ...{ ...prepared, origin, changed, siteVersion: site.version, now, by },
        draft: draft(next),
      }))
    )
      return { kind: "stale" };
  }
  const resumed = publication.resume === true ? await resumeCompleted(deps, slug) : 0;
  const version = same && seen !== null ? seen : next;
  return { kind: "published", steps: changes, resumed, version, warnings };
}

/** What the act of a publication keeps. */
function changesOf({ changed, welcomeChanges, known, changes }: PreparedPublication) {
  return {
    ...changed,
    ...(welcomeChanges ? { welcome: known ? "changed" : "new" } : {}),
    ...Object.fromEntries(
      changes.flatMap((step) => (step.change === "unchanged" ? [] : [[step.slug, step.change]])),
    ),
  };
}
