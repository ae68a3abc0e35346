import type { Blockquote, Link, Paragraph, RootContent } from "mdast";

/**
 * A part of a letter: what comes before the first heading, or a `##` heading with all that follows it. What it holds decides how it
 * is set, so that a reader finds their way at a glance: numbered steps stand on a panel, a line to keep between two rules.
 */
export type LetterPart = {
  readonly kind: "text" | "steps" | "keep";
  readonly nodes: readonly RootContent[];
};

/** The block for the line to keep. */
export const KEEP_BLOCK = "keep";

/** A letter's blocks as parts, in order. */
export function partsOf(content: readonly RootContent[]): LetterPart[] {
  const parts: RootContent[][] = [[]];
  for (const node of content) {
    if (node.type === "heading" && node.depth === 2) parts.push([]);
    parts.at(-1)?.push(node);
  }
  return parts.filter((nodes) => nodes.length > 0).map((nodes) => ({ kind: kindOf(nodes), nodes }));
}

function kindOf(nodes: readonly RootContent[]): LetterPart["kind"] {
  if (nodes.some((node) => node.type === "containerDirective" && node.name === KEEP_BLOCK)) return "keep";
  return nodes.some((node) => node.type === "list" && node.ordered === true) ? "steps" : "text";
}

const CJK = "[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\u3000-\\u303f\\uff01-\\uff60]";
const BROKEN = new RegExp(`(?<=${CJK})\\n(?=${CJK})`, "gu");

/** A text as it's shown: a line's end between Chinese or Japanese characters is no blank. */
export function shownText(value: string): string {
  return value.replaceAll(BROKEN, "");
}

/** The link of a paragraph that's a button: nothing but one in bold. Null for any other. */
export function buttonIn({ children }: Paragraph): Link | null {
  const [strong, ...others] = children;
  if (strong?.type !== "strong" || others.length > 0) return null;
  const [link, ...more] = strong.children;
  return link?.type === "link" && more.length === 0 ? link : null;
}

const SOURCE = /^(?:—|–|--|―)[\s\p{L}\p{N}“„«"(—]/u;

/** The last paragraph of a quote, where it says where that's from: it begins with a dash, and isn't all of it. Null for none. */
export function sourceIn({ children }: Blockquote): Paragraph | null {
  const last = children.at(-1);
  if (children.length < 2 || last?.type !== "paragraph") return null;
  const [first] = last.children;
  return first?.type === "text" && SOURCE.test(first.value) ? last : null;
}
