import type { Nodes } from "mdast";
import { faultOf, type LetterFault, type LetterRule } from "./letter-rules.ts";
import type { Letter } from "./letter-schema.ts";
import { type ParsedLetter, plainText, walk } from "./parse-letter.ts";

const SUBJECT = { min: 30, max: 55 };
const PREHEADER = { min: 35, max: 90 };
/** Longer than any line of the text part and than a phone is wide. */
const WORD_MAX = 40;

// Words that say nothing when a screen reader lists a letter's links (WCAG 2.4.4).
const EMPTY_WORDS =
  /^(click )?(here|this|link|this link|more|read more|learn more|find out more|go|see)[.…!»›→ ]*$/i;

/**
 * What is wrong with the words of a letter beyond its grammar: subject and preheader as inboxes show them, headings and links as a
 * screen reader lists them. Lengths count characters as people do.
 */
export function judgeWords(
  letter: Pick<Letter, "slug" | "subject" | "preheader">,
  { content }: ParsedLetter,
  publicUrl: string,
): LetterFault[] {
  const faults: LetterFault[] = [];
  const fault = (rule: LetterRule, message: string, node?: Nodes) =>
    faults.push(faultOf(letter.slug, node?.position?.start.line ?? null, rule, message));
  const { subject, preheader } = letter;

  if (preheader.toLowerCase() === subject.toLowerCase())
    fault("preheader-echo", "the preheader repeats the subject");
  const lengths = [
    ["subject-length", "subject", subject, SUBJECT],
    ["preheader-length", "preheader", preheader, PREHEADER],
  ] as const;
  for (const [rule, name, value, { min, max }] of lengths) {
    const length = charactersOf(value);
    if (length < min || length > max) fault(rule, `the ${name} has ${length} characters`);
  }
  if (/\p{Lu}{4}/u.test(subject) && !/\p{Ll}/u.test(subject))
    fault("subject-shouts", "the subject is all capitals");
  if (/[!?]{2}|!.*!/.test(subject)) fault("subject-shouts", "the subject has more than one exclamation mark");

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
        const long = node.value.split(/\s+/).find((word) => charactersOf(word) > WORD_MAX);
        if (long !== undefined)
          fault("long-word", `“${long.slice(0, 24)}…” has ${charactersOf(long)} characters`, node);
      }
    });
  }
  return faults;
}

function judgeLink(
  node: Extract<Nodes, { type: "link" }>,
  publicUrl: string,
  fault: (rule: LetterRule, message: string, node: Nodes) => void,
): void {
  const words = plainText(node).trim();
  if (words === "") fault("link-empty", `the link to "${node.url}" has no words`, node);
  if (EMPTY_WORDS.test(words)) fault("link-words", `a link says only “${words}”`, node);
  if (/^(https?:\/\/|www\.)\S+$/i.test(words)) {
    fault("link-shows-address", `a link shows the address “${words}”`, node);
  }
  if (URL.canParse(node.url) && node.url.startsWith("https:")) {
    const { host } = new URL(node.url);
    if (host !== new URL(publicUrl).host) fault("link-elsewhere", `a link leads to ${host}`, node);
  }
}

function charactersOf(text: string): number {
  return [...new Intl.Segmenter("en", { granularity: "grapheme" }).segment(text)].length;
}
