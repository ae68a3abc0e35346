import { type PlanStep, stepsAhead } from "../sequences/plan-theme.ts";
import type { ReaderGroup } from "../sequences/queries/sequences.ts";
import type { StepChange } from "./diff-steps.ts";
import type { PreparedPublication } from "./prepare-publication.ts";

/** What a changed step will mean for the readers of the sequence. */
export type StepPreview = StepChange & {
  /** Get it in their very next letter. */
  readonly next: number;
  /** Get it after other letters. */
  readonly later: number;
  /** Do not get it: they had it, are past it, have completed the sequence, or it is archived. */
  readonly not: number;
  /** Go on, and are past the place that it's new at: they get it only if it's sent to them first. */
  readonly past: number;
};

/**
 * What an edit would do to the readers, by the planner's own rule (`nextStep`), walked to the end for each group. A draft
 * counts as one that will be published. Readers who had everything go on only with `resume`, and only where they are active and did not leave; `resuming` is how many.
 */
function previewEdit(
  changes: readonly StepChange[],
  wanted: ReadonlyArray<{ readonly slug: string; readonly backfill: boolean }>,
  groups: readonly ReaderGroup[],
  resume: boolean,
): { readonly resuming: number; readonly steps: StepPreview[] } {
  const idOf = numbering();
  const steps = asPlanned(wanted, idOf);
  const walks = groups.map((group) => {
    const goesOn = group.standing === "goes_on" || (resume && group.standing === "resumable");
    const had = group.had.map(idOf);
    return {
      readers: group.readers,
      resumable: group.standing === "resumable",
      comes: goesOn ? walk(had, steps) : [],
      had: goesOn ? had : null,
    };
  });
  /** Readers who get a step only where it's sent to those past its place, too. */
  const past = (slug: string) => {
    const [left, sent] = [false, true].map((backfill) =>
      asPlanned(
        wanted.map((each) => (each.slug === slug ? { ...each, backfill } : each)),
        idOf,
      ),
    ) as [PlanStep[], PlanStep[]];
    const gets = (had: readonly number[], of: PlanStep[]) => walk(had, of).includes(idOf(slug));
    return walks
      .filter(({ had }) => had !== null && gets(had, sent) && !gets(had, left))
      .reduce((sum, { readers }) => sum + readers, 0);
  };
  const resuming = walks
    .filter(({ resumable, comes }) => resumable && comes.length > 0)
    .reduce((sum, { readers }) => sum + readers, 0);
  const previews = changes
    .filter((step) => step.change !== "unchanged")
    .map((step) => {
      const sum = (is: (place: number) => boolean) =>
        walks.reduce(
          (total, { comes, readers }) => total + (is(comes.indexOf(idOf(step.slug))) ? readers : 0),
          0,
        );
      return {
        ...step,
        next: sum((place) => place === 0),
        later: sum((place) => place > 0),
        not: sum((place) => place < 0),
        past: step.change === "new" || step.change === "moved" ? past(step.slug) : 0,
      };
    });
  return { resuming, steps: previews };
}

/** Gives each slug a number of its own. */
function numbering(): (slug: string) => number {
  const known = new Map<string, number>();
  return (slug) => {
    const id = known.get(slug) ?? known.size + 1;
    known.set(slug, id);
    return id;
  };
}

/** Letters in order as the planner sees steps: with drafts as if they were published. */
function asPlanned(
  letters: ReadonlyArray<{ readonly slug: string; readonly backfill: boolean }>,
  idOf: (slug: string) => number,
): PlanStep[] {
  return letters.map(({ slug, backfill }, position) => ({
    stepId: idOf(slug),
    position,
    status: "published",
    backfill,
    renditionId: 0,
    variants: {},
  }));
}

/** The letters (by slug) that a reader who had some of them still gets, in order, by the planner's own rule; drafts among them. */
export function lettersAhead(
  letters: ReadonlyArray<{ readonly slug: string; readonly backfill: boolean }>,
  had: readonly string[],
): string[] {
  const idOf = numbering();
  const slugs = new Map(letters.map(({ slug }) => [idOf(slug), slug]));
  return walk(had.map(idOf), asPlanned(letters, idOf)).flatMap((id) => slugs.get(id) ?? []);
}

/** How many readers of a sequence get a letter next, had it, and left within six days of it. */
export type LetterNumbers = { readonly next: number; readonly had: number; readonly left: number };

/** The numbers of each letter by its slug, by the planner's own rule; `published` are the letters that readers get now, in order. */
export function numbersOf(
  published: ReadonlyArray<{ readonly slug: string; readonly backfill: boolean }>,
  groups: readonly ReaderGroup[],
): ReadonlyMap<string, LetterNumbers> {
  const idOf = numbering();
  const steps = asPlanned(published, idOf);
  const nexts = groups.map(({ standing, had }) =>
    standing === "goes_on" ? walk(had.map(idOf), steps)[0] : 0,
  );
  const sum = (is: (group: ReaderGroup, place: number) => boolean) =>
    groups.filter(is).reduce((total, { readers }) => total + readers, 0);
  return new Map(
    published.map(({ slug }) => [
      slug,
      {
        next: sum((_, place) => nexts[place] === idOf(slug)),
        had: sum(({ had }) => had.includes(slug)),
        left: sum(({ leftAfter }) => leftAfter === slug),
      },
    ]),
  );
}

function walk(had: readonly number[], steps: readonly PlanStep[]): number[] {
  const ledger = had.map((stepId) => ({
    stepId,
    round: 1,
    slotAt: 0,
    arrivedAt: 0,
    state: "accepted" as const,
  }));
  return stepsAhead(1, ledger, steps).map((step) => step.stepId);
}

/** What a prepared publication would mean for the readers of its sequence, who are the `groups`. */
export function previewPublication(
  prepared: Pick<
    PreparedPublication,
    "slug" | "wanted" | "changes" | "known" | "welcomeChanges" | "warnings"
  >,
  groups: readonly ReaderGroup[],
  resume: boolean,
) {
  const readers = groups.reduce((sum, group) => sum + (group.standing === "left" ? 0 : group.readers), 0);
  const { resuming, steps } = previewEdit(prepared.changes, prepared.wanted, groups, resume);
  const { known, welcomeChanges, warnings } = prepared;
  const welcome = welcomeChanges ? ("changed" as const) : ("unchanged" as const);
  return { known, readers, resuming, welcome, steps, ...(warnings.length > 0 ? { warnings } : {}) };
}
