import type { Db } from "../../db/client.ts";
import type { AgeBand } from "../age-band.ts";
import type { SlotName } from "../rendition.ts";
import { resumeCompleted } from "../resume-completed.ts";
import { diffSteps, type StepChange } from "./diff-steps.ts";
import type { Letter, Publication } from "./letter-schema.ts";
import { openingOf } from "./page-body.tsx";
import { type LetterFault, type ParsedLetter, parseLetter } from "./parse-letter.ts";
import { readPublished, type StepToWrite, writePublication } from "./queries.ts";
import {
  HTML_BYTES_MAX,
  type LetterFrame,
  type RenderedLetter,
  renderConfirmLetter,
  renderEraseLetter,
  renderThemeLetter,
} from "./render-letter.tsx";
import { agesIn, letterFor } from "./variants.ts";

const READER_SLOTS: readonly SlotName[] = ["preferences_url", "unsubscribe_url"];
const STEP_SLOTS: readonly SlotName[] = [...READER_SLOTS, "read_url"];
const WELCOME_SLOTS: readonly SlotName[] = [...READER_SLOTS, "first_theme_date"];

export type PublishResult =
  | { readonly kind: "published"; readonly steps: readonly StepChange[]; readonly resumed: number }
  | { readonly kind: "faulty"; readonly faults: readonly LetterFault[] };

/** A publication that is ready to be stored: rendered, and compared with what is published now. */
export type PreparedPublication = {
  readonly slug: string;
  readonly title: string;
  readonly confirmation: RenderedLetter;
  readonly welcome: RenderedLetter;
  readonly erase: RenderedLetter;
  /** Every rendition of every step. */
  readonly letters: readonly RenderedLetter[];
  readonly wanted: readonly StepToWrite[];
  readonly changes: readonly StepChange[];
  /** Whether the sequence is there already, and whether its welcome would change. */
  readonly known: boolean;
  readonly welcomeChanges: boolean;
  /** Whether nothing at all would change. */
  readonly same: boolean;
};

type PublishDeps = {
  readonly db: Db;
  readonly now: number;
  readonly frame: Omit<LetterFrame, "sequenceTitle">;
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
  const frame: LetterFrame = { ...deps.frame, sequenceTitle: publication.title };
  const welcome = readLetter(publication.welcome, WELCOME_SLOTS);
  const letters = publication.steps.map((letter) => readLetter(letter, STEP_SLOTS));
  const faults = [
    ...welcome.faults,
    ...letters.flatMap((letter) => letter.faults),
    ...listFaults(publication),
  ];
  if (faults.length > 0) return { kind: "faulty", faults: distinct(faults) };

  const welcomeRendered = await renderThemeLetter(frame, welcome.letter, welcome.parsed, null);
  const rendered: StepRenditions[] = [];
  for (const { letter, parsed } of letters) rendered.push(await renderStep(frame, letter, parsed));
  const renderFaults = [
    ...renderedFaults(publication.welcome.slug, welcomeRendered, WELCOME_SLOTS),
    ...rendered.flatMap((step, index) =>
      allOf(step).flatMap((letter) =>
        renderedFaults(publication.steps[index]?.slug ?? "", letter, STEP_SLOTS),
      ),
    ),
  ];
  if (renderFaults.length > 0) return { kind: "faulty", faults: distinct(renderFaults) };

  const confirmation = await renderConfirmLetter(frame);
  const erase = await renderEraseLetter(deps.frame);
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
      hash: rendered[index]?.plain.hash ?? "",
    }),
  );
  const stored = await readPublished(deps.db, slug);
  const changes = diffSteps((stored?.steps ?? []).map(version), wanted.map(version));
  const same =
    stored !== null &&
    stored.title === publication.title &&
    stored.welcome === welcomeRendered.hash &&
    stored.confirmation === confirmation.hash &&
    stored.erase === erase.hash &&
    changes.every((step) => step.change === "unchanged");
  const { title } = publication;
  return {
    kind: "prepared",
    prepared: {
      slug,
      title,
      confirmation,
      welcome: welcomeRendered,
      erase,
      letters: rendered.flatMap(allOf),
      wanted,
      changes,
      known: stored !== null,
      welcomeChanges: stored?.welcome !== welcomeRendered.hash,
      same,
    },
  };
}

/**
 * Publishes a whole sequence: reports every fault and stores nothing, or stores all of it in one batch. Publishing the same
 * again writes nothing. Letters that are already planned keep their rendition. With `resume`, readers who had everything
 * go on with what they lack now.
 */
export async function publishSequence(
  deps: PublishDeps,
  slug: string,
  publication: Publication,
): Promise<PublishResult> {
  const preparation = await preparePublication(deps, slug, publication);
  if (preparation.kind === "faulty") return preparation;
  const { wanted, changes, same, known: _, welcomeChanges: __, ...prepared } = preparation.prepared;
  if (!same) await writePublication(deps.db, { ...prepared, steps: wanted, now: deps.now });
  const resumed = publication.resume === true ? await resumeCompleted(deps, slug) : 0;
  return { kind: "published", steps: changes, resumed };
}

/** The renditions of a step: the plain one, and one for each age that it has a block for. */
type StepRenditions = {
  readonly plain: RenderedLetter;
  readonly variants: ReadonlyArray<{ readonly band: AgeBand; readonly letter: RenderedLetter }>;
};

async function renderStep(frame: LetterFrame, letter: Letter, parsed: ParsedLetter): Promise<StepRenditions> {
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

function readLetter(
  letter: Letter,
  slots: readonly SlotName[],
): { readonly letter: Letter; readonly parsed: ParsedLetter; readonly faults: readonly LetterFault[] } {
  const { parsed, faults } = parsedOrTooDeep(letter, slots);
  const echo = letter.preheader.toLowerCase() === letter.subject.toLowerCase();
  const echoFault = {
    letter: letter.slug,
    line: null,
    message: "the preheader repeats the subject; add something to it",
  };
  return { letter, parsed, faults: echo ? [...faults, echoFault] : faults };
}

/** Blocks nested by the thousand exhaust the parser's stack: that is a fault of the letter. */
function parsedOrTooDeep(letter: Letter, slots: readonly SlotName[]): ReturnType<typeof parseLetter> {
  try {
    return parseLetter(letter.slug, letter.markdown, slots);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const fault = { letter: letter.slug, line: null, message: "blocks are nested too deeply" };
    return { parsed: { heading: null, content: [] }, faults: [fault] };
  }
}

function listFaults(publication: Publication): LetterFault[] {
  const seen = new Set<string>([publication.welcome.slug]);
  return publication.steps.flatMap(({ slug }) => {
    if (!seen.has(slug)) {
      seen.add(slug);
      return [];
    }
    return [
      {
        letter: slug,
        line: null,
        message: `the slug "${slug}" is used twice; a slug names one letter for ever`,
      },
    ];
  });
}

function renderedFaults(slug: string, letter: RenderedLetter, slots: readonly SlotName[]): LetterFault[] {
  return [...sizeFault(slug, letter.html), ...slotFaults(slug, letter, slots)];
}

function sizeFault(slug: string, html: string): LetterFault[] {
  const bytes = new TextEncoder().encode(html).length;
  if (bytes <= HTML_BYTES_MAX) return [];
  const message = `the letter comes to ${bytes} bytes of HTML; mailboxes cut off what is longer than ${HTML_BYTES_MAX}`;
  return [{ letter: slug, line: null, message }];
}

/** Marks inside braces can join up to a slot only when rendered; a letter with such a slot could never be merged. */
function slotFaults(slug: string, letter: RenderedLetter, slots: readonly SlotName[]): LetterFault[] {
  const known = new Set<string>(["greeting", ...slots]);
  const found = [...`${letter.html} ${letter.text}`.matchAll(/\{\{(\w+)\}\}/g)].map(
    (match) => match[1] ?? "",
  );
  return [...new Set(found.filter((name) => !known.has(name)))].map((name) => ({
    letter: slug,
    line: null,
    message: `the rendered letter holds the unknown slot {{${name}}}`,
  }));
}

function distinct(faults: readonly LetterFault[]): LetterFault[] {
  return [...new Map(faults.map((fault) => [JSON.stringify(fault), fault])).values()];
}

function version(step: Omit<StepToWrite, "title" | "opening">) {
  const { slug, subject, preheader, markdown, status, backfill, hash } = step;
  const variants = step.variants.map(({ band, hash: own }) => `${band} ${own}`).sort();
  return { slug, content: JSON.stringify([subject, preheader, markdown, status, backfill, hash, variants]) };
}
