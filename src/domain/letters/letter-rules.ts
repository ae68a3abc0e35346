/** Whether a letter that breaks a rule is refused, or published with a warning. */
type Severity = "refuse" | "warn";

/**
 * Every rule that a letter is held to at publication, and what to do about a breach. What the frame decides (elements, colours,
 * contrast, mail clients) is the same for every letter, and is tested with ours.
 */
export const LETTER_RULES = {
  format: {
    severity: "refuse",
    fix: "Mend the field: docs/operations/write.md and docs/openapi.yaml say what it may hold.",
  },
  "raw-html": { severity: "refuse", fix: "Write it in Markdown." },
  "not-shown": { severity: "refuse", fix: "Use paragraphs, headings, lists, quotes, links and emphasis." },
  "unknown-block": {
    severity: "refuse",
    fix: "Use :::young-boy, :::teenager, :::grown-son or :::keep, each closed by :::.",
  },
  nesting: { severity: "refuse", fix: "Set fewer blocks inside each other." },
  "one-title": { severity: "refuse", fix: "Write one # heading, as the first line; use ## for the parts." },
  "title-words": {
    severity: "refuse",
    fix: "Write the title in plain words; put the link or the slot below it.",
  },
  "heading-depth": { severity: "refuse", fix: "Use ## and ### only." },
  "heading-order": {
    severity: "refuse",
    fix: "Put a ## heading above it, or make it ##: listeners jump by levels.",
  },
  "heading-empty": { severity: "refuse", fix: "Give the heading words, or take it out." },
  "link-target": {
    severity: "refuse",
    fix: "Link to https:// or mailto:, or to one of the slots ending in _url.",
  },
  "link-empty": {
    severity: "refuse",
    fix: "Put words between the square brackets: they are what is read aloud.",
  },
  slot: {
    severity: "refuse",
    fix: "Use a slot that this letter may have, spelt exactly, or take the braces out.",
  },
  "no-text": { severity: "refuse", fix: "Write something below the title." },
  "reserved-character": {
    severity: "refuse",
    fix: "Take out the private-use characters, for instance U+E000 to U+F8FF.",
  },
  "slug-twice": { severity: "refuse", fix: "Give one of the letters another slug." },
  "preheader-echo": { severity: "refuse", fix: "Say something that the subject does not." },
  "html-size": {
    severity: "refuse",
    fix: "Shorten the letter: mailboxes cut off the rest, and its unsubscribe link.",
  },
  "subject-length": {
    severity: "warn",
    fix: "Make it 30 to 55 characters: less says little, more is cut on phones.",
  },
  "subject-shouts": {
    severity: "warn",
    fix: "Write it as you would to a friend: no capitals throughout, one mark at most.",
  },
  "preheader-length": { severity: "warn", fix: "Make it 35 to 90 characters, the room beside the subject." },
  "link-words": { severity: "warn", fix: "Let the link's own words say where it leads." },
  "link-shows-address": {
    severity: "warn",
    fix: "Use words: filters distrust a link that shows an address.",
  },
  "link-elsewhere": {
    severity: "warn",
    fix: "Link to your own domain where you can: the sender's good name is judged by every link.",
  },
  "long-word": {
    severity: "warn",
    fix: "Break it up: it runs over the edge of phones and of the text part.",
  },
} as const satisfies Record<string, { readonly severity: Severity; readonly fix: string }>;

export type LetterRule = keyof typeof LETTER_RULES;

/** A rule that a letter breaks, and where: `line` counts from 1 in its Markdown, null where the fault has no line. */
export type LetterFault = {
  readonly letter: string | null;
  readonly line: number | null;
  readonly rule: LetterRule;
  readonly severity: Severity;
  readonly message: string;
  readonly fix: string;
};

/** A fault with the severity and the remedy of its rule. */
export function faultOf(
  letter: string | null,
  line: number | null,
  rule: LetterRule,
  message: string,
): LetterFault {
  const { severity, fix } = LETTER_RULES[rule];
  return { letter, line, rule, severity, message, fix };
}

/** Whether a fault forbids publication. */
export function refuses({ severity }: LetterFault): boolean {
  return severity === "refuse";
}
