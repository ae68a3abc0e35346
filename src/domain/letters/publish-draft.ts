import type { Doer } from "../acts/act.ts";
import { readEdition } from "../sequences/queries/editions.ts";
import type { ReaderGroup } from "../sequences/queries/sequences.ts";
import { carriedOver, type Draft, isUnfinished, publicationOf } from "./draft.ts";
import { readDraft } from "./drafting.ts";
import type { LetterFault } from "./letter-rules.ts";
import { type Publication, publicationSchema } from "./letter-schema.ts";
import { type PublishDeps, preparePublication } from "./prepare-publication.ts";
import { previewPublication } from "./preview-edit.ts";
import { type PublishResult, publishSequence } from "./publish-sequence.ts";
import { readReplaced } from "./queries/drafts.ts";

/** A fault of a field that a publication can't do without, by the letter that it's in. */
type FieldFault = { readonly letter: string | null; readonly field: string; readonly message: string };

/** What publishing a draft would mean, or what stands in its way. */
export type DraftPreview =
  | {
      readonly kind: "ready";
      readonly publication: Publication;
      readonly preview: ReturnType<typeof previewPublication>;
      /** Readers who get something new in their next letter, or go on: so many that it's typed above a thousand. */
      readonly reached: number;
    }
  | {
      readonly kind: "faulty";
      readonly fields: readonly FieldFault[];
      readonly faults: readonly LetterFault[];
    };

/** What someone decides on the way to a publication. */
export type Choices = {
  /** Slugs of letters that readers who are past their place don't get. */
  readonly leftOut: readonly string[];
  /** Readers who had everything go on with what they lack. */
  readonly resume: boolean;
};

/** A draft as it would be published, with what was decided. */
function read(draft: Draft, { leftOut, resume }: Choices) {
  const written = publicationOf(draft);
  const steps = written.steps.map((step) => ({ ...step, backfill: !leftOut.includes(step.slug) }));
  return publicationSchema.safeParse({ ...written, steps, origin: "desk", ...(resume ? { resume } : {}) });
}

/** What publishing it would mean for its readers, who are the `groups`. Writes nothing. */
export async function previewDraft(
  deps: PublishDeps,
  draft: Draft,
  groups: readonly ReaderGroup[],
  choices: Choices,
): Promise<DraftPreview> {
  const parsed = read(draft, choices);
  if (!parsed.success) {
    const fields = parsed.error.issues.map(({ path, message }) => faultIn(draft, path.map(String), message));
    return { kind: "faulty", fields, faults: [] };
  }
  const result = await preparePublication(deps, draft.slug, parsed.data);
  if (result.kind === "faulty") return { kind: "faulty", fields: [], faults: result.faults };
  const preview = previewPublication(result.prepared, groups, choices.resume);
  const reached = preview.resuming + preview.steps.reduce((most, step) => Math.max(most, step.next), 0);
  return { kind: "ready", publication: parsed.data, preview, reached };
}

function faultIn(
  { welcome, steps }: Draft,
  [list = "", place = "", ...rest]: readonly string[],
  message: string,
): FieldFault {
  if (Object.hasOwn({ welcome }, list)) return { letter: welcome.slug, field: place, message };
  const step = list === "steps" ? steps.filter((each) => !isUnfinished(each))[Number(place)] : undefined;
  return step === undefined
    ? { letter: null, field: list, message }
    : { letter: step.slug, field: rest[0] ?? "", message };
}

/** Publishes what someone looked at: `newest` is the newest save of the draft that they saw. */
export async function publishDraft(
  deps: PublishDeps & { readonly by: Doer },
  slug: string,
  { newest, ...choices }: Choices & { readonly newest: number },
): Promise<PublishResult | { readonly kind: "no_draft" }> {
  const draft = await readDraft(deps.db, slug);
  if (draft === null) return { kind: "no_draft" };
  if (draft.newest !== newest) return { kind: "stale" };
  const parsed = read(draft, choices);
  if (!parsed.success) return { kind: "stale" };
  return publishSequence(deps, slug, parsed.data, {
    ...{ seen: draft.seen, origin: "desk", force: false },
    draft: (version) => ({ newest: draft.newest, carried: carriedOver(draft, version) }),
  });
}

/**
 * Publishes the edition again that the last publication replaced. That is a publication like any other, so doing it twice leaves
 * things as they were, and what's being written stays. `none` where there was none before, or another publication came since (`replaced` is the kept edition's id).
 */
export async function undoPublication(
  deps: PublishDeps & { readonly by: Doer },
  slug: string,
  replaced: number,
): Promise<PublishResult | { readonly kind: "none" }> {
  const [edition, kept] = await Promise.all([readEdition(deps.db, slug), readReplaced(deps.db, slug)]);
  if (edition === null || kept === null || kept.id !== replaced || kept.content === null)
    return { kind: "none" };
  const publication = publicationSchema.parse({ ...(kept.content as object), origin: "desk" });
  return publishSequence(deps, slug, publication, { seen: edition, origin: "desk", force: true });
}
