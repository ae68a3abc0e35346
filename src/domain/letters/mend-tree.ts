import type { Nodes, Paragraph, Parents, PhrasingContent, Root, TableRow } from "mdast";
import type { LetterRule } from "./letter-rules.ts";

/** Something to tell of a node, by a rule. */
export type Told = { readonly node: Nodes; readonly rule: LetterRule; readonly message: string };

/**
 * Makes of a tree what was meant where Markdown reads it otherwise: bold that ends in punctuation with a word behind it, tables pasted with tabs, several
 * lines above `---`, a star alone. What a writer should look at is told.
 */
export function mendTree(tree: Root, markdown: string): Told[] {
  const told: Told[] = [];
  const tell = (node: Nodes, message: string) => told.push({ node, rule: "pasted", message });
  const mend = (parent: Parents) => {
    const children = (parent.children as Nodes[]).flatMap((child): readonly Nodes[] => {
      if ("children" in child) mend(child);
      switch (child.type) {
        case "heading":
          return withoutUnderline(child, markdown, tell);
        case "list":
          // A star alone in its line stands for a change of scene.
          return child.children.length === 1 &&
            child.children[0]?.children.length === 0 &&
            child.ordered !== true
            ? [{ type: "thematicBreak", ...at(child) }]
            : [child];
        case "paragraph":
          return withTables(child, tell);
        case "text":
          return withBold(child, markdown);
        default:
          return [child];
      }
    });
    (parent as { children: readonly Nodes[] }).children = children;
  };
  mend(tree);
  return told;
}

const at = ({ position }: Nodes) => (position === undefined ? {} : { position });

/** Several lines above `---` or `===` are a paragraph and a rule: a title has one line. */
function withoutUnderline(
  node: Extract<Nodes, { type: "heading" }>,
  markdown: string,
  tell: (node: Nodes, message: string) => void,
): readonly Nodes[] {
  const source = markdown.slice(node.position?.start.offset ?? 0, node.position?.end.offset ?? 0);
  const lines = source.split("\n");
  if (lines.length < 3 || !/^[ \t]*(?:-+|=+)[ \t]*$/.test(lines.at(-1) ?? "")) return [node];
  tell(node, `the lines above ${lines.at(-1)?.trim()} were read as text, and it as a rule`);
  const paragraph: Paragraph = { type: "paragraph", children: node.children, ...at(node) };
  return [...withTables(paragraph, tell), { type: "thematicBreak" }];
}

const BOLD = /\*\*(?=[^\s*])([^*]*[^\s*])\*\*/g;

/** `**Note:**words` is bold, whatever stands behind it. Where something is written with a backslash, nothing is done. */
function withBold(node: Extract<Nodes, { type: "text" }>, markdown: string): readonly Nodes[] {
  const from = node.position?.start.offset ?? 0;
  if (!node.value.includes("**") || !markdown.startsWith(node.value, from)) return [node];
  const parts: Nodes[] = [];
  let done = 0;
  const text = (start: number, end: number) => {
    if (end > start) parts.push(slice(node, start, end));
  };
  for (const { 0: whole, 1: words = "", index } of node.value.matchAll(BOLD)) {
    text(done, index);
    const inside = slice(node, index + 2, index + 2 + words.length);
    parts.push({ type: "strong", children: [inside], ...at(inside) });
    done = index + whole.length;
  }
  text(done, node.value.length);
  return parts;
}

/** A part of a text, with where it's written. */
function slice(node: Extract<Nodes, { type: "text" }>, from: number, to: number) {
  const { position, value } = node;
  const part = { type: "text" as const, value: value.slice(from, to) };
  if (position === undefined) return part;
  const point = (place: number) => {
    const before = value.slice(0, place);
    const lines = before.split("\n");
    return {
      line: position.start.line + lines.length - 1,
      column: lines.length > 1 ? (lines.at(-1)?.length ?? 0) + 1 : position.start.column + place,
      offset: (position.start.offset ?? 0) + place,
    };
  };
  return { ...part, position: { start: point(from), end: point(to) } };
}

type Line = readonly PhrasingContent[][];

/** Lines with tabs in them are rows: a table where the first holds words alone, else one line each. */
function withTables(node: Paragraph, tell: (node: Nodes, message: string) => void): readonly Nodes[] {
  if (!node.children.some((child) => child.type === "text" && child.value.includes("\t"))) return [node];
  const lines = linesOf(node.children);
  const blocks: Nodes[] = [];
  for (let first = 0; first < lines.length; ) {
    const cells = lines[first]?.length ?? 1;
    let end = first + 1;
    while (end < lines.length && lines[end]?.length === cells) end += 1;
    const run = lines.slice(first, end);
    blocks.push(
      cells > 1 && run.length > 1 && !/\d/.test(wordsIn(run[0] ?? []))
        ? tableOf(run, node)
        : textOf(run, node),
    );
    first = end;
  }
  tell(node, "words with tabs between them were set as a table or one line each");
  return blocks;
}

/** The lines of a paragraph, each in the pieces between its tabs. */
function linesOf(nodes: readonly PhrasingContent[]): Line[] {
  const lines: PhrasingContent[][][] = [[[]]];
  for (const node of nodes) {
    if (node.type === "break") lines.push([[]]);
    else if (node.type !== "text") lines.at(-1)?.at(-1)?.push(node);
    else
      for (const [place, line] of node.value.split("\n").entries()) {
        if (place > 0) lines.push([[]]);
        for (const [cell, value] of line.split(/\t+/).entries()) {
          if (cell > 0) lines.at(-1)?.push([]);
          if (value !== "")
            lines
              .at(-1)
              ?.at(-1)
              ?.push({ type: "text", value, ...at(node) });
        }
      }
  }
  return lines;
}

function tableOf(lines: readonly Line[], node: Nodes): Nodes {
  const children = lines.map(
    (line): TableRow => ({
      type: "tableRow",
      children: line.map((cell) => ({ type: "tableCell", children: [...cell] })),
    }),
  );
  return { type: "table", align: [], children, ...at(node) };
}

function textOf(lines: readonly Line[], node: Nodes): Nodes {
  const children = lines.flatMap((line, place): PhrasingContent[] => [
    ...(place === 0 ? [] : [{ type: "break" as const }]),
    ...line.flatMap((cell, of): PhrasingContent[] =>
      of === 0 ? cell : [{ type: "text", value: " · " }, ...cell],
    ),
  ]);
  return { type: "paragraph", children, ...at(node) };
}

function wordsIn(line: Line): string {
  const words = (nodes: readonly PhrasingContent[]): string =>
    nodes
      .map((node) => ("value" in node ? node.value : "children" in node ? words(node.children) : ""))
      .join("");
  return line.map(words).join(" ");
}
