import type { Nodes, RootContent } from "mdast";
import { KEEP_BLOCK } from "../../../emails/components/parts.ts";
import { pictureIn } from "../../platform/links/picture-name.ts";
import { leftovers } from "./judge-marks.ts";
import { faultOf, type LetterFault, type LetterRule } from "./letter-rules.ts";
import { readMarkdown } from "./read-markdown.ts";
import type { SlotName } from "./rendition.ts";

/** A letter's Markdown, read: its heading (the one h1, else null), the headline that it sets itself (else null), and the blocks below them. */
export type ParsedLetter = {
  readonly heading: string | null;
  readonly headline: string | null;
  readonly content: readonly RootContent[];
};

/** The block that sets a letter's headline, where that isn't to be the subject. */
const HEADLINE_BLOCK = "headline";

/** The blocks that every letter may have; besides them those that a question's answers choose. */
export const KEPT_BLOCKS: readonly string[] = [KEEP_BLOCK];
/** Tells a fault of a node, at its beginning or `index` characters into its text. */
type TellFault = (node: Nodes, rule: LetterRule, message: string, index?: number) => void;

const DEPTH_MAX = 20;
const NOTHING: ParsedLetter = { heading: null, headline: null, content: [] };

/**
 * Parses a letter's Markdown and names every fault by line: raw HTML, pictures that can't be shown, marks that became nothing, a slot
 * that no one fills, a link that leads nowhere.
 */
export function parseLetter(
  slug: string,
  written: string,
  slots: readonly SlotName[],
  blocks: readonly string[],
): { readonly parsed: ParsedLetter; readonly faults: readonly LetterFault[] } {
  const { tree, told, markdown } = readMarkdown(written);
  if (depthOf(tree, 0) > DEPTH_MAX) {
    return { parsed: NOTHING, faults: [faultOf(slug, null, "nesting", "blocks are nested too deeply")] };
  }
  const faults: LetterFault[] = [];
  const fault: TellFault = (node, rule, message, index = 0) => {
    faults.push(faultOf(slug, lineOf(node, index), rule, message));
  };

  const [first, ...rest] = tree.children;
  const hasHeading = first?.type === "heading" && first.depth === 1;
  const below = hasHeading ? rest : tree.children;
  const headline = below.find(isHeadline);
  const content = below.filter((node) => node !== headline);

  for (const { node, rule, message } of told) fault(node, rule, message);
  walk(tree, (node) => {
    if (node.type === "html") {
      fault(node, "raw-html", "raw HTML isn't allowed");
    } else if (isHeadline(node)) {
      if (node !== below[0])
        fault(node, "unknown-block", "the block :::headline stands once, right below the title");
    } else if (node.type === "containerDirective" && !blocks.includes(node.name)) {
      const known = blocks.map((name) => `:::${name}`).join(", ");
      fault(node, "unknown-block", `unknown block :::${node.name}; this letter may use ${known}`);
    } else if (node.type === "heading" && node.depth > 4) {
      fault(node, "heading-depth", "headings go down to #### only");
    } else if (node.type === "link") {
      judgeTarget(node, slots, fault);
    } else if (node.type === "image") {
      judgePicture(node, fault);
    } else if (node.type === "code" || node.type === "inlineCode") {
      const broken = slotFault(node.value, slots);
      if (broken !== null) fault(node, "slot", broken.message);
    } else if (node.type === "emphasis") {
      for (const { rule, mark } of leftovers(node, markdown)) fault(node, rule, unsent(mark));
    } else if (node.type === "text") {
      for (const { rule, mark, index } of leftovers(node, markdown)) fault(node, rule, unsent(mark), index);
      const formula = node.value.search(FORMULA);
      if (formula >= 0)
        fault(node, "formula", "a formula goes out as it's typed: mail programs can't set it", formula);
      const broken = slotFault(node.value.replaceAll(FORMULA, blank), slots);
      if (broken !== null) fault(node, "slot", broken.message, broken.index);
      const reserved = node.value.search(/\p{Co}/u);
      if (reserved >= 0) fault(node, "reserved-character", "the text has private-use characters", reserved);
    }
  });

  if (first !== undefined && hasHeading) judgeTitle(first, fault);
  if (headline !== undefined) judgeTitle(headline, fault);
  if (content.length === 0) faults.push(faultOf(slug, null, "no-text", "the letter has no text"));
  const heading = first !== undefined && hasHeading ? plainText(first) : null;
  const own = headline === undefined ? null : plainText(headline).trim();
  return { parsed: { heading, headline: own, content }, faults };
}

function isHeadline(node: Nodes): boolean {
  return node.type === "containerDirective" && node.name === HEADLINE_BLOCK;
}

/** What's between dollars as mathematicians write it, and not two prices. */
const FORMULA = /\$\$[^$]+\$\$|\$(?=[^\s$])(?=[^$\n]*[\\^_(={])[^$\n]*[^\s$]\$(?!\d)/g;
/** Whatever of it could be a slot stays. */
const blank = (text: string) => text.replaceAll(/\{\{\w+\}\}|./gs, (part) => (part.length > 1 ? part : "\0"));

const unsent = (mark: string) => `“${mark}” would be sent as it's typed`;

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
  if (parsed?.protocol === "http:") {
    fault(node, "link-http", `the link "${url}" isn't encrypted`);
    return;
  }
  fault(node, "link-target", `the link "${url}" isn't https:// or mailto:`);
}

/** Kinds of pictures that not every mail program shows. */
const NOT_SHOWN = /\.(svg|webp|avif|heic|bmp|tiff?)(?:[?#]|$)/i;

function judgePicture(node: Extract<Nodes, { type: "image" }>, fault: TellFault): void {
  const { url, alt } = node;
  const isKept = pictureIn(url) !== null;
  const isSecure = URL.canParse(url) && new URL(url).protocol === "https:";
  const kind = NOT_SHOWN.exec(url)?.[1];
  if (/\{\{|\p{Co}/u.test(`${url}${alt ?? ""}`)) fault(node, "picture", "a picture has a slot in it");
  else if (kind !== undefined)
    fault(node, "picture", `the picture "${url}" is ${kind.toUpperCase()}, which Outlook doesn't show`);
  else if (/^[a-z][a-z0-9+.-]*:/i.test(url) && !isSecure)
    fault(node, "picture", `the picture "${url}" isn't https://`);
  else if (!isKept && !isSecure) fault(node, "picture-missing", `the picture "${url}" isn't here`);
  if ((alt ?? "").trim() === "")
    fault(node, "picture-alt", `the picture "${url}" says nothing to those who don't see it`);
}

/** A title stands in lists and tabs as well: words only. */
function judgeTitle(title: Nodes, fault: TellFault): void {
  if (plainText(title).trim() === "") fault(title, "heading-empty", "the title has no words");
  walk(title, (node) => {
    if (node.type === "link") fault(node, "title-words", "the title has a link");
    if (node.type === "image") fault(node, "title-words", "the title has a picture");
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
  const [shown = ""] = /^\{\{[^{}]*\}\}/.exec(left.slice(index)) ?? [left.slice(index).trim().slice(0, 60)];
  const known = slots.length === 0 ? "no slots" : slots.map((slot) => `{{${slot}}}`).join(", ");
  const message = `unknown or broken slot in "${shown.replaceAll("\0", "")}"; this letter can use ${known}`;
  return { message, index };
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
  if (node.type === "text" || node.type === "inlineCode") return node.value;
  if (node.type === "image") return node.alt ?? "";
  return "children" in node ? node.children.map(plainText).join("") : "";
}
