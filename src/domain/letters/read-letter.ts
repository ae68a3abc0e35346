import { judgeWords } from "./judge-words.ts";
import { faultOf, type LetterFault } from "./letter-rules.ts";
import type { Letter, Publication } from "./letter-schema.ts";
import { type ParsedLetter, parseLetter } from "./parse-letter.ts";
import type { SlotName } from "./rendition.ts";

/** A letter parsed and judged, with every fault of its grammar and its words. */
export function readLetter(
  letter: Letter,
  slots: readonly SlotName[],
  blocks: readonly string[],
  publicUrl: string,
): { readonly letter: Letter; readonly parsed: ParsedLetter; readonly faults: readonly LetterFault[] } {
  const { parsed, faults } = parsedOrTooDeep(letter, slots, blocks);
  return { letter, parsed, faults: [...faults, ...judgeWords(letter, parsed, publicUrl)] };
}

/** Blocks nested by the thousand exhaust the parser's stack: that is a fault of the letter. */
function parsedOrTooDeep(
  letter: Letter,
  slots: readonly SlotName[],
  blocks: readonly string[],
): ReturnType<typeof parseLetter> {
  try {
    return parseLetter(letter.slug, letter.markdown, slots, blocks);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const fault = faultOf(letter.slug, null, "nesting", "blocks are nested too deeply");
    return { parsed: { heading: null, content: [] }, faults: [fault] };
  }
}

/** What is wrong with the letters as a list: a slug that two of them have. */
export function listFaults(publication: Publication): LetterFault[] {
  const seen = new Set<string>([publication.welcome.slug]);
  return publication.steps.flatMap(({ slug }) => {
    if (seen.has(slug)) return [faultOf(slug, null, "slug-twice", `the slug "${slug}" is used twice`)];
    seen.add(slug);
    return [];
  });
}

/** Each fault once. */
export function distinct(faults: readonly LetterFault[]): LetterFault[] {
  return [...new Map(faults.map((fault) => [JSON.stringify(fault), fault])).values()];
}
