import type { RootContent } from "mdast";
import { AGE_BANDS, type AgeBand } from "../people/age-band.ts";
import type { ParsedLetter } from "./parse-letter.ts";

const isAgeBlock = (node: RootContent) =>
  node.type === "containerDirective" && (AGE_BANDS as readonly string[]).includes(node.name);

/** The ages that a letter has blocks for; none where it is the same for everyone. */
export function agesIn(letter: ParsedLetter): AgeBand[] {
  return AGE_BANDS.filter((band) =>
    letter.content.some((node) => node.type === "containerDirective" && node.name === band),
  );
}

/**
 * The letter for a reader: with an age only that block, whole; without one every block in short, which is its first paragraph.
 * A reader whose age the letter has no block for gets it as if they had said none.
 */
export function letterFor(letter: ParsedLetter, band: AgeBand | null): ParsedLetter {
  if (band !== null && agesIn(letter).includes(band)) {
    const content = letter.content.filter(
      (node) => !isAgeBlock(node) || (node.type === "containerDirective" && node.name === band),
    );
    return { ...letter, content };
  }
  const content = letter.content.map((node) =>
    node.type === "containerDirective" && isAgeBlock(node)
      ? { ...node, children: node.children.slice(0, 1) }
      : node,
  );
  return { ...letter, content };
}
