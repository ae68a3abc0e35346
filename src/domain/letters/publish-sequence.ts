import type { Frame, SequenceFrame } from "../../../emails/components/frame.ts";
import type { Db } from "../../platform/db/client.ts";
import type { WelcomeSource } from "../../platform/db/schema/index.ts";
import type { Doer } from "../acts/act.ts";
import { keptFields } from "../acts/kept-fields.ts";
import type { AgeBand } from "../people/age-band.ts";
import { isSameVersion, type SeenVersion } from "../sequences/queries/editions.ts";
import type { StepToWrite } from "../sequences/queries/publish-steps.ts";
import { resumeCompleted } from "../sequences/resume-completed.ts";
import { diffSteps, type StepChange, stepVersion } from "./diff-steps.ts";
import { judgeRendered } from "./judge-rendered.ts";
import { type LetterFault, refuses } from "./letter-rules.ts";
import type { Letter, Publication } from "./letter-schema.ts";
import { openingOf } from "./page-body.tsx";
import type { ParsedLetter } from "./parse-letter.ts";
import { readPublished, writePublication } from "./queries/publication.ts";
import { distinct, listFaults, readLetter } from "./read-letter.ts";
import {
  type Notices,
  type RenderedLetter,
  renderConfirmLetter,
  renderNotices,
  renderThemeLetter,
  renderWelcomeBack,
} from "./render-letter.tsx";
import type { SlotName } from "./rendition.ts";
import { agesIn, letterFor } from "./variants.ts";
import { isSameWelcome, welcomeSourceOf } from "./welcome-source.ts";

const READER_SLOTS: readonly SlotName[] = ["preferences_url", "unsubscribe_url"];
const STEP_SLOTS: readonly SlotName[] = [...READER_SLOTS, "read_url"];
const WELCOME_SLOTS: readonly SlotName[] = [...READER_SLOTS, "first_theme_date"];

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
  /** Someone else changed the sequence in the meantime. */
  | { readonly kind: "stale" };

/** A publication that is ready to be stored: rendered, and compared with what is published now. */
export type PreparedPublication = {
  readonly slug: string;
  readonly title: string;
  readonly confirmation: RenderedLetter;
  readonly welcome: RenderedLetter;
  readonly welcomeBack: RenderedLetter;
  readonly notices: Notices;
  /** Every rendition of every step. */
  readonly letters: readonly RenderedLetter[];
  readonly wanted: readonly StepToWrite[];
  readonly changes: readonly StepChange[];
  /** Whether the sequence is there already, and whether its welcome would change. */
  readonly known: boolean;
  readonly welcomeChanges: boolean;
  readonly welcomeSource: WelcomeSource;
  /** Whether it is there under another title. */
  readonly retitled: boolean;
  /** The version that it was compared with; null where there is none yet. */
  readonly seen: SeenVersion | null;
  /** What could be better; none of it stops the publication. */
  readonly warnings: readonly LetterFault[];
  /** Whether nothing at all would change. */
  readonly same: boolean;
};

type PublishDeps = {
  readonly db: Db;
  readonly now: number;
  readonly frame: Frame;
};

/** Reads and renders every letter and reports every fault together, or what the publication would change. Stores nothing. */
export async function preparePublication(
  deps: PublishDeps,
  slug: string,
  publication: Publication,
): Promise<
  | { readonly kind: "prepared"; readonly prepared: PreparedPublication }
  | { readonly kind: "faulty"; readonly faults: readonly LetterFault[] }
> {
  const frame: SequenceFrame = { ...deps.frame, sequenceTitle: publication.title };
  const welcome = readLetter(publication.welcome, WELCOME_SLOTS, frame.publicUrl);
  const letters = publication.steps.map((letter) => readLetter(letter, STEP_SLOTS, frame.publicUrl));
  const faults = [
    ...welcome.faults,
    ...letters.flatMap((letter) => letter.faults),
    ...listFaults(publication),
  ];
  // The owner gets all of them at once, the warnings beside what refuses.
  if (faults.some(refuses)) return { kind: "faulty", faults: distinct(faults) };

  const welcomeRendered = await renderThemeLetter(frame, welcome.letter, welcome.parsed, null);
  const rendered: StepRenditions[] = [];
  for (const { letter, parsed } of letters) rendered.push(await renderStep(frame, letter, parsed));
  const renderFaults = [
    ...judgeRendered(publication.welcome.slug, welcomeRendered, WELCOME_SLOTS),
    ...rendered.flatMap((step, index) =>
      allOf(step).flatMap((letter) =>
        judgeRendered(publication.steps[index]?.slug ?? "", letter, STEP_SLOTS),
      ),
    ),
  ];
  if (renderFaults.length > 0) return { kind: "faulty", faults: distinct(renderFaults) };

  const confirmation = await renderConfirmLetter(frame, 1);
  const welcomeBack = await renderWelcomeBack(frame);
  const notices = await renderNotices(deps.frame);
  const wanted = letters.map(
    ({ letter, parsed }, index): StepToWrite => ({
      opening: openingOf(parsed),
      variants: (rendered[index]?.variants ?? []).map(({ band, letter: { hash } }) => ({ band, hash })),
      slug: letter.slug,
      title: parsed.heading ?? letter.subject,
      subject: letter.subject,
      preheader: letter.preheader,
      markdown: letter.markdown,
      status: letter.status,
      backfill: letter.backfill ?? true,
      ornament: letter.ornament ?? null,
      hash: rendered[index]?.plain.hash ?? "",
    }),
  );
  const welcomeSource = welcomeSourceOf(publication.welcome);
  const stored = await readPublished(deps.db, slug);
  const changes = diffSteps((stored?.steps ?? []).map(stepVersion), wanted.map(stepVersion));
  const same =
    stored !== null &&
    stored.title === publication.title &&
    stored.welcomeHash === welcomeRendered.hash &&
    stored.welcomeBackHash === welcomeBack.hash &&
    stored.confirmationHash === confirmation.hash &&
    Object.entries(notices).every(([name, { hash }]) => hash === stored.notices.get(name)) &&
    stored.welcomeSource !== null &&
    isSameWelcome(stored.welcomeSource, welcomeSource) &&
    changes.every((step) => step.change === "unchanged");
  const { title } = publication;
  return {
    kind: "prepared",
    prepared: {
      slug,
      title,
      confirmation,
      welcome: welcomeRendered,
      welcomeBack,
      notices,
      letters: rendered.flatMap(allOf),
      wanted,
      changes,
      known: stored !== null,
      welcomeSource,
      seen: stored === null ? null : { version: stored.version, publishedAt: stored.publishedAt },
      retitled: stored !== null && stored.title !== title,
      warnings: distinct(faults),
      welcomeChanges: stored?.welcomeHash !== welcomeRendered.hash,
      same,
    },
  };
}

/**
 * Publishes a whole sequence: reports every fault and stores nothing, or stores all of it in one batch. Publishing the same
 * again writes nothing. Letters that are already planned keep their rendition. With `resume`, readers who had everything
 * go on with what they lack now. `stale` where the sequence isn't at the version that was seen (null: it wasn't there).
 */
export async function publishSequence(
  deps: PublishDeps & { readonly by: Doer },
  slug: string,
  publication: Publication,
  seen: SeenVersion | null,
): Promise<PublishResult> {
  const preparation = await preparePublication(deps, slug, publication);
  if (preparation.kind === "faulty") return preparation;
  if (!isSameVersion(preparation.prepared.seen, seen)) return { kind: "stale" };
  const { wanted, changes, warnings, same, known, welcomeChanges, retitled, ...prepared } =
    preparation.prepared;
  const { now, by } = deps;
  if (!same) {
    const changed = await keptFields({
      ...(retitled || !known ? { title: prepared.title } : {}),
      ...(welcomeChanges ? { welcome: known ? "changed" : "new" } : {}),
      ...Object.fromEntries(
        changes.flatMap((step) => (step.change === "unchanged" ? [] : [[step.slug, step.change]])),
      ),
    });
    if (!(await writePublication(deps.db, { ...prepared, steps: wanted, changed, now, by })))
      return { kind: "stale" };
  }
  const resumed = publication.resume === true ? await resumeCompleted(deps, slug) : 0;
  const version = same && seen !== null ? seen : { version: (seen?.version ?? 0) + 1, publishedAt: now };
  return { kind: "published", steps: changes, resumed, version, warnings };
}

/** The renditions of a step: the plain one, and one for each age that it has a block for. */
type StepRenditions = {
  readonly plain: RenderedLetter;
  readonly variants: ReadonlyArray<{ readonly band: AgeBand; readonly letter: RenderedLetter }>;
};

async function renderStep(
  frame: SequenceFrame,
  letter: Letter,
  parsed: ParsedLetter,
): Promise<StepRenditions> {
  const common = letterFor(parsed, null);
  const variants: Array<StepRenditions["variants"][number]> = [];
  for (const band of agesIn(parsed)) {
    variants.push({ band, letter: await renderThemeLetter(frame, letter, letterFor(parsed, band), common) });
  }
  return { plain: await renderThemeLetter(frame, letter, common, common), variants };
}

function allOf({ plain, variants }: StepRenditions): RenderedLetter[] {
  return [plain, ...variants.map(({ letter }) => letter)];
}
