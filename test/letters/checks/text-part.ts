import { type DefaultTreeAdapterTypes, parse } from "parse5";
import type { Mail } from "../mails.ts";

/** RFC 5322 section 2.1.1: lines should have 78 characters at most. */
const LINE_MAX = 78;
/** The widest line of a long text has at least so many: set narrower, it would be a ribbon. */
const LINE_MIN = 72;
const LONG_TEXT = 40;
/** A line that is an address and nothing else. */
const ADDRESS = /^(?:https?:\/\/|mailto:)\S+$/;

/** Faults of a mail's text part: lines too long or too short, links that share a line, words or links of the HTML that it lacks. */
export function textFaults({ html, text }: Pick<Mail, "html" | "text">): string[] {
  const faults: string[] = [];
  for (const line of text.split("\n")) {
    const isAddress = ADDRESS.test(line);
    if (line.length > LINE_MAX && !isAddress) faults.push(`long line: ${line.slice(0, 40)}…`);
    if (/https?:\/\/\S/.test(line) && !isAddress) faults.push(`link in a line: ${line.slice(0, 40)}…`);
    if (/[ \t]$/.test(line)) faults.push(`blank at the end: ${line.slice(0, 40)}`);
  }
  const prose = text.split("\n").filter((line) => line !== "" && !ADDRESS.test(line) && !/^-+$/.test(line));
  if (prose.length >= LONG_TEXT && Math.max(...prose.map(({ length }) => length)) < LINE_MIN)
    faults.push("set too narrow");
  const { words, links } = contentOf(html);
  // What the text adds: underlines, rules, markers, the numbers of links, and the links themselves.
  const written = text
    .split("\n")
    .filter((line) => !/^(?:[=-]+|\[\d+\])$/.test(line) && !ADDRESS.test(line))
    .map((line) => line.replace(/^\s*(?:>\s*)*(?:\*|\d+\.)?\s/, ""))
    .join(" ")
    .replaceAll(/ ?\[\d+\]/g, "");
  const missing = firstMissing(wordsOf(words), wordsOf(written));
  if (missing !== null) faults.push(`words missing at: ${missing}`);
  for (const link of links) {
    if (!text.split("\n").includes(link)) faults.push(`link missing: ${link}`);
  }
  if (/view (this|it|the)?.{0,20}(online|browser)/i.test(text.slice(0, 300)))
    faults.push("sends the reader to a browser instead of telling");
  return faults;
}

/** The words and links of a mail's HTML in reading order, without what is hidden. */
function contentOf(html: string): { readonly words: string; readonly links: readonly string[] } {
  const words: string[] = [];
  const links: string[] = [];
  const visit = (node: DefaultTreeAdapterTypes.Node) => {
    if (node.nodeName === "#text" && "value" in node) words.push(node.value);
    if ("attrs" in node) {
      if (["head", "style"].includes(node.tagName)) return;
      if (node.attrs.some(({ name }) => name === "data-skip-in-text")) return;
      // A picture says there what it shows.
      if (node.tagName === "img" && node.attrs.some(({ value }) => value.startsWith("picture ")))
        words.push(` ${node.attrs.find(({ name }) => name === "alt")?.value ?? ""} `);
      const href = node.attrs.find(({ name }) => name === "href")?.value;
      // In plain text a note's number leads nowhere.
      if (href !== undefined && !href.startsWith("#")) links.push(href);
    }
    if ("childNodes" in node) node.childNodes.forEach(visit);
    if (BLOCKS.has(node.nodeName)) words.push(" ");
  };
  visit(parse(html));
  return { words: words.join(""), links };
}

const BLOCKS = new Set(["p", "h1", "h2", "h3", "h4", "li", "td", "th", "pre", "br", "span", "a"]);

/** Letters and digits only: punctuation may stand apart from its word in one of the two. */
function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** Where the wanted words stop to be found in their order; null when all are there. */
function firstMissing(wanted: readonly string[], found: readonly string[]): string | null {
  let at = 0;
  for (const [index, word] of wanted.entries()) {
    const next = found.indexOf(word, at);
    if (next === -1 || next > at + 3) return wanted.slice(index, index + 6).join(" ");
    at = next + 1;
  }
  return null;
}
