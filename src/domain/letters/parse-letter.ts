import type { Nodes, RootContent } from "mdast";
import { directiveFromMarkdown } from "mdast-util-directive";
import { fromMarkdown } from "mdast-util-from-markdown";
import { directive } from "micromark-extension-directive";
import { KEEP_BLOCK } from "../../../emails/components/parts.ts";
import { faultOf, type LetterFault, type LetterRule } from "./letter-rules.ts";
import type { SlotName } from "./rendition.ts";

/** A letter's Markdown, read: its heading (the one h1, else null) and the blocks below it. */
export type ParsedLetter = { readonly heading: string | null; readonly content: readonly RootContent[] };

/** The blocks that every letter may have; besides them those that a question's answers choose. */
export const KEPT_BLOCKS: readonly string[] = [KEEP_BLOCK];
/** Tells a fault of a node, at its beginning or `index` characters into its text. */
type TellFault = (node: Nodes, rule: LetterRule, message: string, index?: number) => void;

const DEPTH_MAX = 20;
const NOTHING: ParsedLetter = { heading: null, content: [] };
const SHOWN = new Set([
  "root",
  "paragraph",
  "heading",
  "list",
  "listItem",
  "blockquote",
  "thematicBreak",
  "text",
]);
for (const type of ["emphasis", "strong", "link", "break", "containerDirective"]) SHOWN.add(type);

/**
 * Parses a letter's Markdown (CommonMark with `:::name` blocks) and names every fault by line: raw HTML, anything that
 * a letter cannot show, a second or late h1, a slot that no one fills, a link that is neither https nor mailto.
 */
export function parseLetter(
  slug: string,
  markdown: string,
  slots: readonly SlotName[],
  blocks: readonly string[],
): { readonly parsed: ParsedLetter; readonly faults: readonly LetterFault[] } {
  const tree = fromMarkdown(markdown, {
    extensions: [directive()],
    mdastExtensions: [directiveFromMarkdown()],
  });
  literalInlineDirectives(tree, markdown);
  if (depthOf(tree, 0) > DEPTH_MAX) {
    return { parsed: NOTHING, faults: [faultOf(slug, null, "nesting", "blocks are nested too deeply")] };
  }
  const faults: LetterFault[] = [];
  const fault: TellFault = (node, rule, message, index = 0) => {
    faults.push(faultOf(slug, lineOf(node, index), rule, message));
  };

  walk(tree, (node) => {
    if (node.type === "html") {
      fault(node, "raw-html", "raw HTML isn't allowed");
    } else if (!SHOWN.has(node.type)) {
      fault(node, "not-shown", `a letter can't show ${node.type}`);
    } else if (node.type === "containerDirective" && !blocks.includes(node.name)) {
      const known = blocks.map((name) => `:::${name}`).join(", ");
      fault(node, "unknown-block", `unknown block :::${node.name}; this letter may use ${known}`);
    } else if (node.type === "heading" && node.depth === 1 && node !== tree.children[0]) {
      fault(node, "one-title", "a letter has one # heading, and it comes first");
    } else if (node.type === "heading" && node.depth > 3) {
      fault(node, "heading-depth", "headings go down to ### only");
    } else if (node.type === "link") {
      judgeTarget(node, slots, fault);
    } else if (node.type === "text") {
      const broken = slotFault(node.value, slots);
      if (broken !== null) fault(node, "slot", broken.message, broken.index);
      const reserved = node.value.search(/\p{Co}/u);
      if (reserved >= 0) fault(node, "reserved-character", "the text has private-use characters", reserved);
    }
  });

  const [first, ...rest] = tree.children;
  const hasHeading = first?.type === "heading" && first.depth === 1;
  const content = hasHeading ? rest : tree.children;
  if (first !== undefined && hasHeading) judgeTitle(first, fault);
  if (content.length === 0) faults.push(faultOf(slug, null, "no-text", "the letter has no text"));
  const heading = first !== undefined && hasHeading ? plainText(first) : null;
  return { parsed: { heading, content }, faults };
}

function judgeTarget(
  node: Extract<Nodes, { type: "link" }>,
  slots: readonly SlotName[],
  fault: TellFault,
): void {
  const { url } = node;
  if (/\p{Co}/u.test(`${url}${node.title ?? ""}`)) {
    fault(node, "reserved-character", "a link has private-use characters");
  }
  if (url.includes("{{")) {
    const broken = slotFault(url, slots);
    if (broken !== null) fault(node, "slot", broken.message);
    else if (!/^\{\{\w+_url\}\}$/.test(url))
      fault(node, "link-target", "a slot in a link must be the whole link");
    return;
  }
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed?.protocol === "https:" || parsed?.protocol === "mailto:") return;
  fault(node, "link-target", `the link "${url}" isn't https:// or mailto:`);
}

/** A title stands in lists and tabs as well: words only. */
function judgeTitle(title: Nodes, fault: TellFault): void {
  if (plainText(title).trim() === "") fault(title, "heading-empty", "the title has no words");
  walk(title, (node) => {
    if (node.type === "link") fault(node, "title-words", "the title has a link");
    if (node.type === "text" && node.value.includes("{{")) fault(node, "title-words", "the title has a slot");
  });
}

function slotFault(
  text: string,
  slots: readonly SlotName[],
): { readonly message: string; readonly index: number } | null {
  const left = text.replaceAll(/\{\{(\w+)\}\}/g, (whole, name: string) =>
    slots.some((slot) => slot === name) ? "\0".repeat(whole.length) : whole,
  );
  const index = left.search(/\{\{|\}\}/);
  if (index < 0) return null;
  const shown = left.slice(index).trim().slice(0, 60).replaceAll("\0", "");
  const known = slots.map((slot) => `{{${slot}}}`).join(", ");
  return { message: `unknown or broken slot in "${shown}"; this letter can use ${known}`, index };
}

/** ":30" in "at 10:x" is text, not a directive: only `:::` blocks mean anything here. */
function literalInlineDirectives(node: Nodes, markdown: string): void {
  if (!("children" in node)) return;
  const children = node.children as Nodes[];
  children.forEach((child, index) => {
    if (child.type === "textDirective" || child.type === "leafDirective") {
      const from = child.position?.start.offset ?? 0;
      const to = child.position?.end.offset ?? from;
      const text: Nodes = { type: "text", value: markdown.slice(from, to), ...position(child) };
      children[index] =
        child.type === "textDirective" ? text : { type: "paragraph", children: [text], ...position(child) };
    } else {
      literalInlineDirectives(child, markdown);
    }
  });
}

function position(node: Nodes) {
  return node.position === undefined ? {} : { position: node.position };
}

function depthOf(node: Nodes, above: number): number {
  if (above > DEPTH_MAX || !("children" in node)) return above;
  return node.children.reduce((deepest, child) => Math.max(deepest, depthOf(child, above + 1)), above);
}

/** The line of a place in a node's text, which may run over several; null where the node has none. */
export function lineOf(node: Nodes, index: number): number | null {
  if (node.position === undefined) return null;
  const before = node.type === "text" ? node.value.slice(0, index).split("\n").length - 1 : 0;
  return node.position.start.line + before;
}

/** Visits a node and all below it, in reading order. */
export function walk(node: Nodes, visit: (node: Nodes) => void): void {
  visit(node);
  if ("children" in node) for (const child of node.children) walk(child, visit);
}

/** The words of a node and of all below it. */
export function plainText(node: Nodes): string {
  if (node.type === "text") return node.value;
  return "children" in node ? node.children.map(plainText).join("") : "";
}
