/** Whether a letter that breaks a rule is refused, or published with a warning. */
type Severity = "refuse" | "warn";

/**
 * Every rule that a letter is held to at publication, and what to do about a breach. What the frame decides (elements, colours,
 * contrast, mail clients) is the same for every letter, and is tested with ours.
 */
export const LETTER_RULES = {
  format: {
    severity: "refuse",
    fix: "Fix the field: docs/operations/write.md and docs/openapi.yaml say what it can be.",
  },
  "raw-html": { severity: "refuse", fix: "Write it in Markdown." },
  "html-dropped": { severity: "warn", fix: "Leave it out, or use Markdown." },
  pasted: {
    severity: "warn",
    fix: "Look at the preview. If it isn't what you meant, write it in Markdown.",
  },
  picture: {
    severity: "refuse",
    fix: "Use a PNG, JPEG or GIF, at an https:// address or as a file beside the letter.",
  },
  "picture-missing": {
    severity: "refuse",
    fix: "Put the file beside the letter and publish the folder, or add it at the desk. An https:// address works, too.",
  },
  "picture-alt": {
    severity: "warn",
    fix: "Say between the square brackets what it shows. Leave them empty only where it's decoration.",
  },
  formula: { severity: "warn", fix: "Write it in words or plain signs, or show it as a picture." },
  "raw-mark": {
    severity: "refuse",
    fix: "Close it, or finish what it begins. To show it as it is, put a backslash before it.",
  },
  "merge-tag": {
    severity: "refuse",
    fix: "Take it out: it's another service's. The greeting with the reader's name is added by itself; docs/operations/write.md lists the slots.",
  },
  "unknown-block": {
    severity: "refuse",
    fix: "Use :::keep, or the block of one of the question’s choices (sequence.yaml), each closed with :::.",
  },
  nesting: { severity: "refuse", fix: "Put fewer blocks inside each other." },
  "one-title": { severity: "warn", fix: "Start with one # heading, and use ## for the parts." },
  "title-words": {
    severity: "refuse",
    fix: "Use plain words in the title, and put the link or the slot below it.",
  },
  "heading-depth": { severity: "refuse", fix: "Use ##, ### and #### only." },
  "heading-order": {
    severity: "refuse",
    fix: "Put a ## heading above it, or make it ##: screen readers jump from level to level.",
  },
  "heading-empty": { severity: "refuse", fix: "Give the heading some words, or take it out." },
  "link-target": {
    severity: "refuse",
    fix: "Link to https:// or mailto:, or use a slot that ends in _url.",
  },
  "link-http": { severity: "warn", fix: "Use https:// where the page has it." },
  "link-jump": { severity: "warn", fix: "Take the link out: its words stay." },
  "link-empty": {
    severity: "warn",
    fix: "Put words between the square brackets: they're what screen readers read out.",
  },
  slot: {
    severity: "refuse",
    fix: "Use a slot this letter can have, spelt exactly, or take the braces out.",
  },
  "no-text": { severity: "refuse", fix: "Write something below the title." },
  "reserved-character": {
    severity: "refuse",
    fix: "Take out the private-use characters, such as U+E000 to U+F8FF.",
  },
  "slug-twice": { severity: "refuse", fix: "Give one of the letters another slug." },
  "offers-itself": { severity: "refuse", fix: "Name another sequence as next, or none." },
  "preheader-echo": { severity: "refuse", fix: "Say something the subject doesn't." },
  "html-size": {
    severity: "refuse",
    fix: "Shorten the letter: mailboxes cut off the rest, and the unsubscribe link with it.",
  },
  "offer-unknown": {
    severity: "warn",
    fix: "Publish that sequence, then this one again. Until then nothing is offered.",
  },
  "consent-language": {
    severity: "warn",
    fix: "Add the words to consent.texts of the site, in that language.",
  },
  "subject-length": {
    severity: "warn",
    fix: "Make it 30 to 55 characters: shorter says little, longer gets cut off on phones.",
  },
  "subject-shouts": {
    severity: "warn",
    fix: "Write it as you would to a friend: not all capitals, and one ! or ? at most.",
  },
  "preheader-length": { severity: "warn", fix: "Make it 35 to 90 characters, to fit beside the subject." },
  "link-words": { severity: "warn", fix: "Let the link's own words say where it goes." },
  "link-shows-address": {
    severity: "warn",
    fix: "Use words: spam filters distrust a link that shows an address.",
  },
  "link-elsewhere": {
    severity: "warn",
    fix: "Link to your own domain where you can: mailboxes judge you by every link.",
  },
  "long-word": {
    severity: "warn",
    fix: "Break it up: it's too wide for phones and for the plain-text version.",
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
