import type { Nodes } from "mdast";
import type { LetterRule } from "./letter-rules.ts";

/** Tags of other services, which nobody fills in here. */
const TAGS = /\*\|[A-Z_]+(?::[A-Z_]+)?\|\*|\{%[^%]*%\}|%[A-Z][A-Z_]{3,}%|\[\[[A-Z_]+\]\]|\{\$\w+\}/g;

/** What's left in a text that was meant as something else: its rule, and what to look for. */
const LEFT: ReadonlyArray<{ readonly rule: LetterRule; readonly marks: RegExp }> = [
  { rule: "merge-tag", marks: TAGS },
  // Marks of Markdown that didn't become what they stand for.
  {
    rule: "raw-mark",
    marks: /\*\*|~~|\]\(|\]（|\]\[|\[\^[^\]\s]+\]|^#{1,6}(?=[^\s#\d])|^\|?[ \t]*:?-{3,}:?[ \t]*\|/gm,
  },
];

/** Another service's tag in a link's address; null for none. */
export function mergeTagIn(url: string): string | null {
  return url.match(TAGS)?.[0] ?? null;
}

const STARRED = /^\*\|[A-Z_]+(?::[A-Z_]+)?\|\*$/;

/** Something in a text that would leave as it's typed, and where it begins there. */
export type Leftover = { readonly rule: LetterRule; readonly mark: string; readonly index: number };

/**
 * Everything in a text of a letter that nobody turned into formatting; and words between stars that are another service's tag. What's behind a
 * backslash is meant as it is.
 */
export function leftovers(node: Extract<Nodes, { type: "text" | "emphasis" }>, markdown: string): Leftover[] {
  const { position } = node;
  if (position?.start.offset === undefined || position.end.offset === undefined) return [];
  const source = markdown.slice(position.start.offset, position.end.offset);
  if (node.type === "emphasis")
    return STARRED.test(source) ? [{ rule: "merge-tag", mark: source, index: 0 }] : [];
  const typed = source.replaceAll(/\\[!-/:-@[-`{-~]/g, "\0\0");
  return LEFT.flatMap(({ rule, marks }) =>
    [...typed.matchAll(marks)].map(({ 0: mark, index }) => ({ rule, mark, index })),
  );
}
