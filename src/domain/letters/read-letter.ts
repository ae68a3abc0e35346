import type { Db } from "../../platform/db/client.ts";
import { pictureIn } from "../../platform/links/picture-name.ts";
import { pictureUrl } from "../../platform/links/urls.ts";
import { keptPictures } from "../site/queries/pictures.ts";
import { judgeWords } from "./judge-words.ts";
import { faultOf, type LetterFault } from "./letter-rules.ts";
import type { Letter, Publication } from "./letter-schema.ts";
import { lineOf, type ParsedLetter, parseLetter, walk } from "./parse-letter.ts";
import type { SlotName } from "./rendition.ts";

/** A letter that was read, with the stored pictures that it names, each with the lines where. */
export type ReadLetter = {
  readonly letter: Letter;
  readonly parsed: ParsedLetter;
  readonly pictures: ReadonlyArray<{ readonly name: string; readonly line: number | null }>;
  readonly faults: readonly LetterFault[];
};

/** A letter parsed and judged, with every fault of its grammar and its words. */
export function readLetter(
  letter: Letter,
  slots: readonly SlotName[],
  blocks: readonly string[],
  publicUrl: string,
): ReadLetter {
  const { parsed, faults } = parsedOrTooDeep(letter, slots, blocks);
  const pictures = placePictures(parsed, publicUrl);
  return { letter, parsed, pictures, faults: [...faults, ...judgeWords(letter, parsed, publicUrl)] };
}

/** What a letter is called in lists: its own heading, or else its subject. */
export function titleOf({ subject }: Pick<Letter, "subject">, { heading }: ParsedLetter): string {
  return heading ?? subject;
}

/** Gives stored pictures the address and the size that their names say. Returns which they are. */
function placePictures({ content }: ParsedLetter, publicUrl: string): ReadLetter["pictures"] {
  const named: Array<ReadLetter["pictures"][number]> = [];
  for (const root of content)
    walk(root, (node) => {
      const picture = node.type === "image" ? pictureIn(node.url) : null;
      if (node.type !== "image" || picture === null) return;
      const { name, width, height } = picture;
      named.push({ name, line: lineOf(node, 0) });
      node.url = pictureUrl(publicUrl, name);
      node.data = { width, height };
    });
  return named;
}

/** A fault for each picture that letters name and that isn't kept here. */
export async function missingPictures(db: Db, letters: readonly ReadLetter[]): Promise<LetterFault[]> {
  const kept = await keptPictures(
    db,
    letters.flatMap(({ pictures }) => pictures.map(({ name }) => name)),
  );
  return letters.flatMap(({ letter, pictures }) =>
    pictures
      .filter(({ name }) => !kept.has(name))
      .map(({ name, line }) =>
        faultOf(letter.slug, line, "picture-missing", `the picture "pictures/${name}" isn't here`),
      ),
  );
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
    return { parsed: { heading: null, headline: null, content: [] }, faults: [fault] };
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
