import type { Nodes } from "mdast";
import { faultOf, type LetterFault, type LetterRule } from "./letter-rules.ts";
import type { Letter } from "./letter-schema.ts";
import { lineOf, type ParsedLetter, plainText, walk } from "./parse-letter.ts";

const SUBJECT = { min: 30, max: 55 };
const PREHEADER = { min: 35, max: 90 };
/** Longer than any line of the text part and than a phone is wide. */
const WORD_MAX = 40;

// Words that say nothing when a screen reader lists a letter's links (WCAG 2.4.4).
const EMPTY_WORDS =
  /^(?:click(?: on)? ?)?(?:here|this|(?:this |the )?(?:link|page|letter|article|website)|(?:read |learn |find out |see )?more|read on|go|see)?[.…!»›→ ]*$/i;
// These write words without spaces; they break anywhere.
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u;
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60]/u;
const GRAPHEMES = new Intl.Segmenter("en", { granularity: "grapheme" });

type TellFault = (rule: LetterRule, message: string, node?: Nodes, index?: number) => void;

/**
 * What is wrong with the words of a letter beyond its grammar: subject and preheader as inboxes show them, headings and links as a
 * screen reader lists them. Lengths count characters as people do.
 */
export function judgeWords(
  letter: Pick<Letter, "slug" | "subject" | "preheader">,
  { heading, content }: ParsedLetter,
  publicUrl: string,
): LetterFault[] {
  const faults: LetterFault[] = [];
  const fault: TellFault = (rule, message, node, index = 0) => {
    faults.push(faultOf(letter.slug, node === undefined ? null : lineOf(node, index), rule, message));
  };
  const { subject, preheader } = letter;

  if (preheader.toLowerCase() === subject.toLowerCase())
    fault("preheader-echo", "the preheader repeats the subject");
  const lengths = [
    ["subject-length", "subject", subject, SUBJECT],
    ["preheader-length", "preheader", preheader, PREHEADER],
  ] as const;
  for (const [rule, name, value, { min, max }] of lengths) {
    const length = columnsOf(value);
    const wide = length === charactersOf(value) ? "" : ", wide ones counted double";
    if (length < min || length > max)
      fault(rule, `the ${name} has ${length === 1 ? "1 character" : `${length} characters`}${wide}`);
  }
  if ((subject.match(/\p{Lu}/gu) ?? []).length > 5 && !/\p{Ll}/u.test(subject))
    fault("subject-shouts", "the subject is all capitals");
  if (/[!?]{2}|!.*!/.test(subject))
    fault("subject-shouts", "the subject has more than one exclamation or question mark");
  const longest = longWord(heading ?? "");
  if (longest !== null)
    fault("long-word", `the title has a word of ${charactersOf(longest.word)} characters`);

  let parts = 0;
  for (const root of content) {
    walk(root, (node) => {
      if (node.type === "heading") {
        if (plainText(node).trim() === "") fault("heading-empty", "a heading has no words", node);
        if (node.depth === 2) parts += 1;
        if (node.depth === 3 && parts === 0)
          fault("heading-order", "a ### heading comes before any ##", node);
      }
      if (node.type === "link") judgeLink(node, publicUrl, fault);
      if (node.type === "text") {
        const long = longWord(node.value);
        if (long !== null) {
          const { word, index } = long;
          fault("long-word", `“${word.slice(0, 24)}…” has ${charactersOf(word)} characters`, node, index);
        }
      }
    });
  }
  return faults;
}

function judgeLink(node: Extract<Nodes, { type: "link" }>, publicUrl: string, fault: TellFault): void {
  const words = plainText(node).trim();
  if (EMPTY_WORDS.test(words)) fault("link-words", `a link says only “${words}”`, node);
  if (/^(https?:\/\/|www\.)\S+$/i.test(words)) {
    fault("link-shows-address", `a link shows the address “${words}”`, node);
  }
  if (URL.canParse(node.url) && node.url.startsWith("https:")) {
    const { host } = new URL(node.url);
    if (!sameSite(host, new URL(publicUrl).host)) fault("link-elsewhere", `a link leads to ${host}`, node);
  }
}

/** The same host, or one above or below it. */
function sameSite(one: string, other: string): boolean {
  const [a, b] = [one, other].map((host) => host.replace(/^www\./, ""));
  return a === b || `${a}`.endsWith(`.${b}`) || `${b}`.endsWith(`.${a}`);
}

/** The first word that is too long for a line, and where it begins. */
function longWord(text: string): { readonly word: string; readonly index: number } | null {
  for (const { 0: word, index } of text.matchAll(/\S+/g)) {
    if (word.length > WORD_MAX && !UNSPACED.test(word) && charactersOf(word) > WORD_MAX)
      return { word, index };
  }
  return null;
}

/** What of a line's width a phone takes for it: Chinese, Japanese, Korean and pictures are twice as wide as Latin letters. */
function columnsOf(text: string): number {
  return [...GRAPHEMES.segment(text)].reduce((sum, { segment }) => sum + (WIDE.test(segment) ? 2 : 1), 0);
}

function charactersOf(text: string): number {
  return [...GRAPHEMES.segment(text)].length;
}
