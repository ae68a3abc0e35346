import type { Nodes, Root } from "mdast";

/** Something that people type or paste and Markdown doesn't know, written so that it does; `line` counts from 1. */
type Mend = { readonly from: number; readonly to: number; readonly by: string; readonly message?: string };

/** What was mended, line by line: what a writer should look at. */
export type Mended = {
  readonly markdown: string;
  readonly told: ReadonlyArray<{ readonly line: number; readonly message: string }>;
};

/** Punctuation of full width or Arabic ends a bare link, as the Latin does. */
const BARE_END = /[\u3000-\u303f\uff01-\uff0f\uff1a-\uff1f\uff3b-\uff3d\uff5b-\uff65\u060c\u061b\u061f]/;
/** So do letters of a script without blanks, because the sentence goes on in them; but not where they begin a part of the address, as in `/wiki/中国`. */
const RUNS_ON =
  /(?<=[a-z0-9])[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}\p{Script=Myanmar}]/iu;

/** `[words]（address）`, with brackets of full width. */
const WIDE = /(?<=\])（(https?:\/\/[^\s（）()]+)）/g;
/** A link whose address has blanks in it, as files have in their names. */
const BLANKS = /(?<=\]\()(https?:\/\/[^\s()"<>]+(?:[ \t]+[^\s()"<>]+)+)(?=(?:[ \t]+"[^"]*")?\))/g;
/** Bullets as word processors paste them; a dash is one only before a tab. */
const BULLET = /^([ \t]*)(?:([•·▪◦●‣∙\uf0b7])[ \t]+|([–—-])\t)(?=\S)/gm;
/** Letters that count, as a word processor pastes them. */
const LETTERED = /(?<=\S)[ \t]*\n[ \t]*([a-z][.)])\t+(?=\S)/g;

/**
 * Markdown with what people type and paste written as it's meant: links in brackets of full width, addresses with blanks, bare links that their
 * sentence runs on behind, bullets of a word processor. Code stays as it is, and each line stays where it is. `tree` is the same
 * Markdown, read. Null where there's nothing to mend.
 */
export function mendSource(markdown: string, tree: Root): Mended | null {
  const mends: Mend[] = [];
  // What's no prose is blotted out, so that nothing is found in it.
  let prose = "";
  const visit = (node: Nodes) => {
    const [from, to] = [node.position?.start.offset ?? 0, node.position?.end.offset ?? 0];
    if (node.type === "code" || node.type === "inlineCode" || node.type === "html")
      prose += markdown.slice(prose.length, from) + markdown.slice(from, to).replaceAll(/[^\n]/g, "\0");
    if (node.type === "link") mends.push(...bareLink(markdown.slice(from, to), from));
    if ("children" in node) for (const child of node.children) visit(child);
  };
  visit(tree);
  prose += markdown.slice(prose.length);
  const replace = (marks: RegExp, by: (...found: string[]) => string, message: string) => {
    for (const found of prose.matchAll(marks)) {
      const { 0: whole, index: from } = found;
      mends.push({ from, to: from + whole.length, by: by(...found.map((part) => part ?? "")), message });
    }
  };
  replace(WIDE, (_, url) => `(${url})`, "（…） behind ] was read as (…)");
  replace(
    BLANKS,
    (url) => url.trim().replaceAll(/[ \t]/g, "%20"),
    "blanks in a link's address were read as %20",
  );
  replace(
    BULLET,
    (_, indent, round) => `${indent}${round === "" && indent === "" ? "  " : ""}- `,
    "a pasted bullet was read as a list",
  );
  replace(LETTERED, (_, letter) => `  \n${letter} `, "lettered lines were set one below the other");
  return mends.length === 0 ? null : mended(markdown, mends);
}

/** With each of these once, from the first on; one that reaches into another isn't made. Of several alike in a row, the first is told. */
function mended(markdown: string, mends: readonly Mend[]): Mended {
  const told: Array<Mended["told"][number]> = [];
  let text = "";
  let done = 0;
  let line = 1;
  let last: string | undefined;
  for (const { from, to, by, message } of mends.toSorted((a, b) => a.from - b.from)) {
    if (from < done) continue;
    const between = markdown.slice(done, from);
    text += between + by;
    line += between.split("\n").length - 1;
    if (message !== undefined && message !== last) told.push({ line, message });
    line += markdown.slice(from, to).split("\n").length - 1;
    last = message;
    done = to;
  }
  return { markdown: text + markdown.slice(done), told };
}

/** A bare link that its sentence runs on behind, in brackets; what's told where only a guess says that it ends. */
function bareLink(source: string, from: number): Mend[] {
  if (!/^(?:https?:\/\/|www\.)/i.test(source)) return [];
  const [mark, letter] = [source.search(BARE_END), source.search(RUNS_ON)];
  const isGuess = letter >= 0 && (mark < 0 || letter < mark);
  const end = isGuess ? letter : mark;
  if (end < 0) return [];
  const address = source.slice(0, end);
  const by = /^w/i.test(address) ? `[${address}](http://${address})` : `<${address}>`;
  const message = `a bare link was read as ending before “${source.slice(end, end + 4)}”; put <…> around it if it goes on`;
  return [{ from, to: from + end, by, ...(isGuess ? { message } : {}) }];
}
