import type { RootContent } from "mdast";
import type { ReaderQuestion } from "../../platform/db/schema/index.ts";
import type { ParsedLetter } from "./parse-letter.ts";

/** How each block that an answer chooses is announced, by its name. */
export type BlockHeadings = Readonly<Record<string, string>>;

/** The headings of a question's blocks; none without a question. */
export function headingsOf(question: ReaderQuestion | null): BlockHeadings {
  return Object.fromEntries((question?.choices ?? []).map(({ block, heading }) => [block, heading]));
}

const isChosen = (node: RootContent, headings: BlockHeadings) =>
  node.type === "containerDirective" && Object.hasOwn(headings, node.name);

/** The choices that a letter has blocks for, in the question's order; none where it is the same for everyone. */
export function choicesIn(letter: ParsedLetter, headings: BlockHeadings): string[] {
  return Object.keys(headings).filter((name) =>
    letter.content.some((node) => node.type === "containerDirective" && node.name === name),
  );
}

/**
 * The letter for a reader: with an answer only its block, whole; without one every block in short, which is its first paragraph.
 * A reader whose answer the letter has no block for gets it as if they had given none.
 */
export function letterFor(
  letter: ParsedLetter,
  headings: BlockHeadings,
  choice: string | null,
): ParsedLetter {
  if (choice !== null && choicesIn(letter, headings).includes(choice)) {
    const content = letter.content.filter(
      (node) => !isChosen(node, headings) || (node.type === "containerDirective" && node.name === choice),
    );
    return { ...letter, content };
  }
  const content = letter.content.map((node) =>
    node.type === "containerDirective" && isChosen(node, headings)
      ? { ...node, children: node.children.slice(0, 1) }
      : node,
  );
  return { ...letter, content };
}
