import type { Nodes, Parents, Root, RootContent } from "mdast";
import { directiveFromMarkdown } from "mdast-util-directive";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { cjkFriendlyExtension } from "micromark-extension-cjk-friendly";
import { gfmStrikethroughCjkFriendly } from "micromark-extension-cjk-friendly-gfm-strikethrough";
import { directive } from "micromark-extension-directive";
import { gfm } from "micromark-extension-gfm";
import { normalizeUri } from "micromark-util-sanitize-uri";
import { mergeTagIn } from "./judge-marks.ts";
import { mendSource } from "./mend-source.ts";
import { mendTree, type Told } from "./mend-tree.ts";

declare module "mdast" {
  interface FootnoteReferenceData {
    /** Whether its note is called earlier in the letter: the note leads back to there. */
    again?: boolean;
  }
}

/** The code of ":", by which micromark finds what begins with one. */
const COLON = 58;

/** `:::name` blocks alone: a colon inside a line is a colon. */
function blocksOnly() {
  const { flow } = directive();
  const constructs = flow?.[COLON];
  const [container] = Array.isArray(constructs) ? constructs : [];
  if (container === undefined) throw new Error("the directives' container has moved");
  // Four blanks before a line are how people indent, not code: that has its fences.
  return { flow: { [COLON]: [container] }, disable: { null: ["codeIndented"] } };
}

/**
 * Reads Markdown as people write it: CommonMark with GitHub's tables, strikethrough, task lists, footnotes and bare links, emphasis beside Chinese and
 * Japanese punctuation, and `:::name` blocks. What's of another kind is translated into what a letter has, or taken out, and told.
 */
export function readMarkdown(written: string): {
  readonly tree: Root;
  readonly told: readonly Told[];
  /** What the places of the tree's nodes count in: what was written, mended where people type otherwise than Markdown knows; line by line the same. */
  readonly markdown: string;
} {
  const first = treeOf(written);
  const mended = mendSource(written, first);
  const markdown = mended?.markdown ?? written;
  const tree = mended === null ? first : treeOf(markdown);
  const told: Told[] = (mended?.told ?? []).map(({ line, message }) => ({
    node: { type: "text", value: "", position: lineAt(line) },
    rule: "pasted",
    message,
  }));
  const links = definitionsIn(tree);
  translate(tree, { links, told });
  told.push(...mendTree(tree, markdown));
  liftTitles(tree, told);
  placeNotes(tree);
  return { tree, told, markdown };
}

function treeOf(markdown: string): Root {
  return fromMarkdown(markdown, {
    extensions: [
      gfm({ singleTilde: false }),
      ...[gfmStrikethroughCjkFriendly({ singleTilde: false }), cjkFriendlyExtension(), blocksOnly()],
    ],
    mdastExtensions: [gfmFromMarkdown(), directiveFromMarkdown()],
  });
}

function lineAt(line: number) {
  const point = { line, column: 1 };
  return { start: point, end: point };
}

type Links = ReadonlyMap<string, { readonly url: string; readonly title?: string | null | undefined }>;
type Context = { readonly links: Links; readonly told: Told[] };

/** Where reference links lead, by what they're called. The first of two counts. */
function definitionsIn(tree: Root): Links {
  const links = new Map<string, { url: string; title?: string | null | undefined }>();
  const visit = (node: Nodes) => {
    if (node.type === "definition" && !links.has(node.identifier)) links.set(node.identifier, node);
    if ("children" in node) for (const child of node.children) visit(child);
  };
  visit(tree);
  return links;
}

function translate(parent: Parents, context: Context): void {
  const children = parent.children.flatMap((child) => translated(child, parent, context));
  (parent as { children: readonly Nodes[] }).children = children;
}

/** What a node becomes: itself, others, or nothing. */
function translated(node: Nodes, parent: Parents, context: Context): readonly Nodes[] {
  switch (node.type) {
    case "definition":
      return [];
    case "html":
      return withoutHtml(node, parent, context);
    case "linkReference": {
      const { url = "", title } = context.links.get(node.identifier) ?? {};
      const { children, position } = node;
      const link = placed({ type: "link", url, title: title ?? null, children } as const, position);
      return translated(link, parent, context);
    }
    case "imageReference": {
      const { url = "", title } = context.links.get(node.identifier) ?? {};
      const image = { type: "image", url, title: title ?? null, alt: node.alt ?? null } as const;
      return [asPicture(placed(image, node.position))];
    }
    case "image":
      return [asPicture(node)];
    case "link":
      translate(node, context);
      return asLink(node, context);
    case "blockquote":
      translate(node, context);
      return [withoutMark(node)];
    default:
      if ("children" in node) translate(node, context);
      return [node];
  }
}

/** With where it was written, so that faults can say it. */
function placed<Node extends Nodes>(node: Node, position: Nodes["position"]): Node {
  return position === undefined ? node : { ...node, position };
}

/** A picture of another site, with its address as browsers write it. */
function asPicture(node: Extract<Nodes, { type: "image" }>): Nodes {
  return /^https:/i.test(node.url) && !node.url.includes("{{")
    ? { ...node, url: normalizeUri(node.url) }
    : node;
}

/** Tags that say nothing which a letter needs; the words between them stay. */
const HARMLESS = /^<\/?(?:u|ins|small|kbd|a(?:\s+(?:name|id)="?[\w-]*"?)?)\s*\/?>$/i;
const BREAK = /^<br\s*\/?>$/i;
const COMMENT = /^<!--(?:(?!-->)[\s\S])*-->$/;

/** What has blocks in it, and no words of its own. */
const OF_BLOCKS: ReadonlySet<string> = new Set([
  ...["root", "blockquote", "listItem", "footnoteDefinition", "containerDirective"],
]);

function withoutHtml(
  node: Extract<Nodes, { type: "html" }>,
  parent: Parents,
  { told }: Context,
): readonly Nodes[] {
  const html = node.value.trim();
  if (COMMENT.test(html)) return [];
  // Between blocks there's nothing to break.
  if (BREAK.test(html)) return OF_BLOCKS.has(parent.type) ? [] : [placed({ type: "break" }, node.position)];
  if (!HARMLESS.test(html)) return [node];
  if (!html.startsWith("</"))
    told.push({ node, rule: "html-dropped", message: `${html} was taken out; the words stay` });
  return [];
}

/** A link as it leaves: its address as browsers write it. A jump inside the letter becomes its words: mail programs know no such place. */
function asLink(node: Extract<Nodes, { type: "link" }>, { told }: Context): readonly Nodes[] {
  if (node.children.every((child) => child.type === "text" && child.value.trim() === "")) {
    told.push({
      node,
      rule: "link-empty",
      message: `the link to "${node.url}" has no words and was taken out`,
    });
    return node.children;
  }
  // What can't be a link is left as it's written, and judged so.
  if (node.url.includes("{{") || /\p{Co}/u.test(node.url)) return [node];
  const tag = mergeTagIn(node.url);
  if (tag !== null) {
    told.push({ node, rule: "merge-tag", message: `“${tag}” in a link would be sent as it's typed` });
    return node.children;
  }
  if (node.url.startsWith("#")) {
    told.push({ node, rule: "link-jump", message: `the link to ${node.url} leads nowhere in a mail` });
    return node.children;
  }
  return [{ ...node, url: normalizeUri(node.url) }];
}

const MARK = /^\[!(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*\n?/;

/** GitHub's `[!NOTE]` makes a quote of another look there; here it's a quote. */
function withoutMark(node: Extract<Nodes, { type: "blockquote" }>): Nodes {
  const [first, ...rest] = node.children;
  if (first?.type !== "paragraph") return node;
  const [text, ...more] = first.children;
  if (text?.type !== "text" || !MARK.test(text.value)) return node;
  const value = text.value.replace(MARK, "");
  const children =
    value === "" && more.length === 0
      ? rest
      : [{ ...first, children: [{ ...text, value }, ...more] }, ...rest];
  return { ...node, children };
}

/** A letter has one title, and it comes first: each later one is a part of it. */
function liftTitles(tree: Root, told: Told[]): void {
  const [title] = tree.children;
  const visit = (node: Nodes) => {
    if (node.type === "heading" && node.depth === 1 && node !== title) {
      told.push({ node, rule: "one-title", message: "a # heading that isn't the first is set as ##" });
      node.depth = 2;
    }
    if ("children" in node) for (const child of node.children) visit(child);
  };
  visit(tree);
}

/** Numbers footnotes in the order in which they're met, and puts them behind a rule at the end, from wherever they're written. */
function placeNotes(tree: Root): void {
  const notes = new Map<string, Extract<RootContent, { type: "footnoteDefinition" }>>();
  const order: string[] = [];
  const visit = (node: Nodes) => {
    if (node.type === "footnoteDefinition") notes.set(node.identifier, node);
    if (node.type === "footnoteReference") {
      if (order.includes(node.identifier)) node.data = { again: true };
      else order.push(node.identifier);
      node.label = String(order.indexOf(node.identifier) + 1);
    }
    if (!("children" in node)) return;
    for (const child of node.children) visit(child);
    const children = node.children.filter(({ type }) => type !== "footnoteDefinition");
    if (children.length < node.children.length) (node as { children: readonly Nodes[] }).children = children;
  };
  visit(tree);
  const found = order.flatMap((identifier, place) => {
    const note = notes.get(identifier);
    return note === undefined ? [] : [{ ...note, label: String(place + 1) }];
  });
  if (found.length > 0) tree.children.push({ type: "thematicBreak" }, ...found);
}
