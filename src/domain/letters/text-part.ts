import { toPlainText } from "@react-email/render";
import { normalizeUri } from "micromark-util-sanitize-uri";

/** Lines of the text part end here at the latest (RFC 5322 section 2.1.1 asks for 78); only an address may be longer, alone. */
const TEXT_COLUMNS = 76;

/** What a slot may take up in a line of prose. A greeting and links stand alone in theirs. */
const SLOT_COLUMNS: Readonly<Record<string, number>> = { first_theme_date: 32, next_theme_date: 32 };

/** A line of code, or the parts of one that's longer. */
const CODE_LINE = new RegExp(`.{1,${TEXT_COLUMNS}}`, "g");

// Private-use characters stand for what is put in after wrapping.
const SLOT = "\uE010";
const FILL = "\uE011";
const NOTES = "\uE012";

type Options = NonNullable<Parameters<typeof toPlainText>[1]>;
type Formatter = NonNullable<Options["formatters"]>[string];
type Element = Parameters<Formatter>[0];

/**
 * The text part of a rendered letter: everything that the HTML says, in its order. Headings are underlined; a link alone in its paragraph
 * stands under its words, one in the middle of a sentence gets a number and stands in a list before the footer, so that every
 * address has a line of its own.
 */
export function textPart(html: string): string {
  const notes: string[] = [];
  const slots: string[] = [];
  const held = html.replaceAll(/\{\{(\w+)\}\}/g, (whole, name: string) => {
    const columns = SLOT_COLUMNS[name];
    if (columns === undefined) return whole;
    slots.push(whole);
    return `${SLOT}${FILL.repeat(columns - 1)}`;
  });
  const wrapped = toPlainText(held, {
    wordwrap: TEXT_COLUMNS,
    // Without the zero-width space: that's where scripts without blanks may break.
    whitespaceCharacters: " \t\r\n\f",
    formatters: {
      underlined: (element, walk, builder) => {
        builder.openBlock({ leadingLineBreaks: 2 });
        walk(element.children, builder);
        builder.addLineBreak();
        builder.addLiteral("-".repeat(Math.min(TEXT_COLUMNS, wordsOf(element).length)));
        builder.closeBlock({ trailingLineBreaks: 2 });
      },
      address: (element, walk, builder) => {
        const href = element.attribs.href ?? "";
        // A note's number and its mark: there's nowhere to jump to.
        if (href.startsWith("#")) {
          builder.addInline(`(${wordsOf(element)})`);
          return;
        }
        walk(element.children, builder);
        if (isSameAddress(wordsOf(element).trim(), href)) return;
        if (standsAlone(element)) {
          if (/[\p{L}\p{N}”)]$/u.test(wordsOf(element).trim())) builder.addLiteral(":");
          builder.addLineBreak();
          builder.addLiteral(href);
        } else {
          notes.push(href);
          builder.addInline(` [${notes.length}]`);
        }
      },
      row: (element, walk, builder) => {
        builder.openBlock({ leadingLineBreaks: 1 });
        (element.children ?? []).forEach((cell: Element, place: number) => {
          if (place > 0) builder.addInline(" | ");
          walk(cell.children, builder);
        });
        builder.closeBlock({ trailingLineBreaks: 1 });
      },
      code: (element, _, builder) => {
        const lines = wordsOf(element).split("\n");
        const short = lines.flatMap((line) => line.match(CODE_LINE) ?? [""]);
        builder.openBlock({ leadingLineBreaks: 2, isPre: true });
        builder.addInline(short.join("\n"), { noWordTransform: true });
        builder.closeBlock({ trailingLineBreaks: 2 });
      },
      picture: (element, _, builder) => {
        const words = (element.attribs.alt ?? "").trim();
        if (words !== "") builder.addInline(`[${words}]`);
      },
      struck: (element, walk, builder) => {
        builder.addInline("~");
        walk(element.children, builder);
        builder.addInline("~");
      },
      end: (_, __, builder) => {
        builder.openBlock({ leadingLineBreaks: 2 });
        builder.addLiteral(NOTES);
        builder.closeBlock({ trailingLineBreaks: 2 });
      },
    },
    selectors: [
      { selector: "h1", format: "underlined" },
      { selector: "h2", format: "underlined" },
      { selector: "h3", options: { uppercase: false } },
      { selector: "h4", options: { uppercase: false } },
      { selector: "table.data", format: "block", options: { leadingLineBreaks: 2, trailingLineBreaks: 2 } },
      { selector: "tr.row", format: "row" },
      { selector: "pre", format: "code" },
      { selector: "del", format: "struck" },
      { selector: "img.picture", format: "picture" },
      { selector: "a", format: "address" },
      { selector: "hr.end", format: "end" },
    ],
  });
  const list = notes.map((href, index) => `[${index + 1}]\n${href}\n\n`).join("");
  return wrapped
    .replace(NOTES, () => `${list}${"-".repeat(TEXT_COLUMNS)}`)
    .replaceAll(new RegExp(`${SLOT}${FILL}*`, "g"), () => slots.shift() ?? "")
    .replaceAll(/[ \t]+$/gm, "")
    .trim();
}

/** Whether a link's words are its address, as people and browsers write it. */
function isSameAddress(words: string, href: string): boolean {
  const plain = (address: string) => address.replace(/^(?:https?:\/\/|mailto:)/i, "").replace(/\/$/, "");
  return plain(normalizeUri(words)) === plain(href);
}

function wordsOf({ children }: Element): string {
  return (children ?? [])
    .map((child: Element) => (child.type === "text" ? (child.data ?? "") : wordsOf(child)))
    .join("");
}

/** Whether a link is all that its paragraph holds. In a list, a heading or a quotation it never is: it would lose its place. */
function standsAlone(link: Element): boolean {
  let block = link.parent;
  while (block !== undefined && block !== null && INLINE.has(block.name ?? "")) block = block.parent;
  if (block === undefined || block === null) return false;
  return (block.name === "p" || block.attribs?.class === "press") && wordsOf(block) === wordsOf(link);
}

const INLINE = new Set(["strong", "em", "span"]);
