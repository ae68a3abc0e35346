import type { Db } from "../../db/client.ts";
import { readPublished, type StepToWrite, writePublication } from "../queries.ts";
import type { SlotName } from "../rendition.ts";
import { diffSteps, type StepChange } from "./diff-steps.ts";
import type { Letter, Publication } from "./letter-schema.ts";
import { type LetterFault, type ParsedLetter, parseLetter } from "./parse-letter.ts";
import {
  HTML_BYTES_MAX,
  type LetterFrame,
  type RenderedLetter,
  renderConfirmLetter,
  renderThemeLetter,
} from "./render-letter.tsx";

const STEP_SLOTS: readonly SlotName[] = ["preferences_url", "unsubscribe_url"];
const WELCOME_SLOTS: readonly SlotName[] = [...STEP_SLOTS, "first_theme_date"];

export type PublishResult =
  | { readonly kind: "published"; readonly steps: readonly StepChange[] }
  | { readonly kind: "faulty"; readonly faults: readonly LetterFault[] };

/**
 * Publishes a whole sequence: reads and renders every letter, reports every fault together and then stores nothing, or
 * stores all of it in one batch. Publishing the same again writes nothing. Letters that are already planned keep their
 * rendition.
 */
export async function publishSequence(
  deps: { readonly db: Db; readonly now: number; readonly frame: Omit<LetterFrame, "sequenceTitle"> },
  slug: string,
  publication: Publication,
): Promise<PublishResult> {
  const frame: LetterFrame = { ...deps.frame, sequenceTitle: publication.title };
  const welcome = readLetter(publication.welcome, WELCOME_SLOTS);
  const letters = publication.steps.map((letter) => readLetter(letter, STEP_SLOTS));
  const faults = [
    ...welcome.faults,
    ...letters.flatMap((letter) => letter.faults),
    ...listFaults(publication),
  ];
  if (faults.length > 0) return { kind: "faulty", faults: distinct(faults) };

  const welcomeRendered = await renderThemeLetter(frame, welcome.letter, welcome.parsed);
  const rendered: RenderedLetter[] = [];
  for (const { letter, parsed } of letters) rendered.push(await renderThemeLetter(frame, letter, parsed));
  const tooLarge = [welcomeRendered, ...rendered].flatMap((letter, index) =>
    sizeFault(
      index === 0 ? publication.welcome.slug : (publication.steps[index - 1]?.slug ?? ""),
      letter.html,
    ),
  );
  if (tooLarge.length > 0) return { kind: "faulty", faults: tooLarge };
  const unmergeable = [
    ...slotFaults(publication.welcome.slug, welcomeRendered, WELCOME_SLOTS),
    ...rendered.flatMap((letter, index) =>
      slotFaults(publication.steps[index]?.slug ?? "", letter, STEP_SLOTS),
    ),
  ];
  if (unmergeable.length > 0) return { kind: "faulty", faults: unmergeable };

  const confirmation = await renderConfirmLetter(frame);
  const wanted = letters.map(
    ({ letter, parsed }, index): StepToWrite => ({
      slug: letter.slug,
      title: parsed.heading ?? letter.subject,
      subject: letter.subject,
      preheader: letter.preheader,
      markdown: letter.markdown,
      status: letter.status,
      backfill: letter.backfill ?? true,
      hash: rendered[index]?.hash ?? "",
    }),
  );
  const stored = await readPublished(deps.db, slug);
  const steps = diffSteps((stored?.steps ?? []).map(version), wanted.map(version));
  const same =
    stored !== null &&
    stored.title === publication.title &&
    stored.welcome === welcomeRendered.hash &&
    stored.confirmation === confirmation.hash &&
    steps.every((step) => step.change === "unchanged");
  if (!same) {
    await writePublication(deps.db, {
      slug,
      title: publication.title,
      confirmation,
      welcome: welcomeRendered,
      letters: rendered,
      steps: wanted,
      now: deps.now,
    });
  }
  return { kind: "published", steps };
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

function version(step: Omit<StepToWrite, "title">) {
  const { slug, subject, preheader, markdown, status, backfill, hash } = step;
  return { slug, content: JSON.stringify([subject, preheader, markdown, status, backfill, hash]) };
}
