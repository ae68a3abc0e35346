import type { Child } from "hono/jsx";
import { IntlMessageFormat } from "intl-messageformat";
import { CATALOGUES, ENGLISH } from "./catalogues.ts";
import { directionOf, type Language } from "./languages.ts";

/** The name of a text. */
export type WordKey = keyof typeof ENGLISH;

/** What fills the `{places}` of a text. */
export type Values = Readonly<Record<string, string | number>>;

/** What stands for a `<tag>` of a text: a function from what it encloses to the element. */
export type Tags = Readonly<Record<string, (inner: Child) => Child>>;

/** Arabic numbers in the digits that addresses and hours have. */
const TAGS: Partial<Readonly<Record<Language, string>>> = { ar: "ar-u-nu-latn" };

const compiled = new Map<string, IntlMessageFormat>();

function message(key: WordKey, language: Language): IntlMessageFormat {
  const name = `${language} ${key}`;
  let known = compiled.get(name);
  if (known === undefined) {
    const own = CATALOGUES[language][key];
    known =
      own === undefined
        ? new IntlMessageFormat(ENGLISH[key], "en")
        : new IntlMessageFormat(isolated(own, language), TAGS[language] ?? language);
    compiled.set(name, known);
  }
  return known;
}

/** From right to left, what fills a place may be written the other way: it's set apart from the words around it (UAX 9, isolates). */
function isolated(text: string, language: Language): string {
  return directionOf(language) === "rtl" ? text.replaceAll(/\{(\w+)\}/g, "\u2068{$1}\u2069") : text;
}

/**
 * A text as plain text; in English where the language lacks it. Throws where a `{place}` has no value: that is a mistake in
 * the page.
 */
export function say(key: WordKey, values: Values = {}, language: Language = "en"): string {
  return String(message(key, language).format(values));
}

/**
 * A text with its `<tags>` turned into elements; in English where the language lacks it. What fills its `{places}` is text,
 * escaped where it is shown.
 */
export function sayWith(key: WordKey, tags: Tags, values: Values = {}, language: Language = "en"): Child {
  return sayParts<Child>(key, tags, values, language) as Child;
}

/** The same as its pieces, in order, for elements of any kind. */
export function sayParts<Element>(
  key: WordKey,
  tags: Readonly<Record<string, (inner: Element) => Element>>,
  values: Values = {},
  language: Language = "en",
): readonly (string | Element)[] {
  const elements = Object.fromEntries(
    Object.entries(tags).map(([name, element]) => [
      name,
      (inner: (string | Element)[]) => element(inner as Element),
    ]),
  );
  return [message(key, language).format<Element>({ ...values, ...elements })].flat() as (string | Element)[];
}
