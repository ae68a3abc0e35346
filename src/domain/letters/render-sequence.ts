import type { SequenceFrame } from "../../../emails/components/frame.ts";
import type { LetterPlace } from "../../../emails/weekly-theme.tsx";
import type { SequenceSettings } from "../../platform/db/schema/index.ts";
import type { Language } from "../../platform/texts/languages.ts";
import type { Site } from "../site/site.ts";
import { frameOf, sequenceFrameOf } from "./frame.ts";
import type { Letter } from "./letter-schema.ts";
import type { OfferedNext } from "./offer.ts";
import type { ParsedLetter } from "./parse-letter.ts";
import { type From, type RenderedLetter, renderThemeLetter } from "./render-letter.tsx";
import { type BlockHeadings, choicesIn, headingsOf, letterFor } from "./variants.ts";

/** What the letters of a sequence are rendered with. */
export type Setting = {
  readonly frame: SequenceFrame;
  readonly from: From;
  readonly headings: BlockHeadings;
};

/** The setting of a sequence on a site. */
export function settingFor(
  site: Site,
  publicUrl: string,
  sequence: { readonly title: string; readonly language: Language; readonly settings: SequenceSettings },
): Setting {
  const { senderName, replyTo, question } = sequence.settings;
  return {
    frame: sequenceFrameOf(frameOf(site, publicUrl, sequence.language), sequence),
    from: { fromName: senderName ?? site.name, replyTo: replyTo ?? "" },
    headings: headingsOf(question),
  };
}

/** Renders a welcome: the same for everyone, with blocks in short. */
export function renderWelcome(
  { frame, from, headings }: Setting,
  letter: Letter,
  parsed: ParsedLetter,
): Promise<RenderedLetter> {
  const own = letterFor(parsed, headings, null);
  return renderThemeLetter(frame, from, letter, {
    parsed: own,
    web: null,
    headings,
    offer: null,
    place: null,
  });
}

/** The renditions of a step: the plain one, and one for each choice that it has a block for. */
export type StepRenditions = {
  readonly plain: RenderedLetter;
  readonly variants: ReadonlyArray<{ readonly choice: string; readonly letter: RenderedLetter }>;
};

/** Renders a step for everyone: with what's offered after it, and its place among the published ones. */
export async function renderStep(
  { frame, from, headings }: Setting,
  letter: Letter,
  parsed: ParsedLetter,
  { offer, place }: { readonly offer: OfferedNext; readonly place: LetterPlace | null },
): Promise<StepRenditions> {
  const web = letterFor(parsed, headings, null);
  const render = (own: ParsedLetter) =>
    renderThemeLetter(frame, from, letter, { parsed: own, web, headings, offer, place });
  const variants: Array<StepRenditions["variants"][number]> = [];
  for (const choice of choicesIn(parsed, headings))
    variants.push({ choice, letter: await render(letterFor(parsed, headings, choice)) });
  return { plain: await render(web), variants };
}

/** All of them. */
export function allOf({ plain, variants }: StepRenditions): RenderedLetter[] {
  return [plain, ...variants.map(({ letter }) => letter)];
}
