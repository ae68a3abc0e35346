import type { Nodes, Root } from "mdast";

/** Something that people type or paste and Markdown doesn't know, written so that it does; `line` counts from 1. */
type Mend = { readonly from: number; readonly to: number; readonly by: string; readonly message?: string };

/** What was mended, line by line: what a writer should look at. */
export type Mended = {
  readonly markdown: string;
  readonly told: ReadonlyArray<{ readonly line: number; readonly message: string }>;
};

/** Punctuation of full width or Arabic ends a bare link, as the Latin does; and letters of a script without blanks, because the sentence goes on in them. */
const BARE_END =
  /[\u3000-\u303f\uff01-\uff0f\uff1a-\uff1f\uff3b-\uff3d\uff5b-\uff65\u060c\u061b\u061f\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}\p{Script=Myanmar}]/u;

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
  const code: Array<readonly [number, number]> = [];
  const mends: Mend[] = [];
  const visit = (node: Nodes) => {
    const [from, to] = [node.position?.start.offset ?? 0, node.position?.end.offset ?? 0];
    if (node.type === "code" || node.type === "inlineCode" || node.type === "html") code.push([from, to]);
    if (node.type === "link") mends.push(...bareLink(markdown.slice(from, to), from));
    if ("children" in node) for (const child of node.children) visit(child);
  };
  visit(tree);
  const isCode = (at: number) => code.some(([from, to]) => at >= from && at < to);
  const replace = (marks: RegExp, by: (...found: string[]) => string, message: string) => {
    for (const found of markdown.matchAll(marks))
      if (!isCode(found.index))
        mends.push({
          from: found.index,
          to: found.index + found[0].length,
          by: by(...found.map((part) => part ?? "")),
          message,
        });
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
  const once = mends
    .sort((a, b) => a.from - b.from)
    .filter(({ from }, place) => from >= (mends[place - 1]?.to ?? 0));
  if (once.length === 0) return null;
  let mended = "";
  let done = 0;
  for (const { from, to, by } of once) {
    mended += markdown.slice(done, from) + by;
    done = to;
  }
  const told = once.flatMap(({ from, message }, place) =>
    // Of several in a row, the first is told.
    message === undefined || once[place - 1]?.message === message
      ? []
      : [{ line: markdown.slice(0, from).split("\n").length, message }],
  );
  return { markdown: mended + markdown.slice(done), told };
}

/** A bare link that its sentence runs on behind, in brackets. */
function bareLink(source: string, from: number): Mend[] {
  if (!/^(?:https?:\/\/|www\.)/i.test(source)) return [];
  const end = source.search(BARE_END);
  if (end < 0) return [];
  const address = source.slice(0, end);
  const by = /^w/i.test(address) ? `[${address}](http://${address})` : `<${address}>`;
  return [{ from, to: from + end, by }];
}
