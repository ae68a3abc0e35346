import type { Child } from "hono/jsx";
import {
  say as sayIn,
  sayWith as sayWithIn,
  type Tags,
  type Values,
  type WordKey,
} from "../../platform/texts/texts.ts";
import { shown } from "./shown.ts";

export type { WordKey } from "../../platform/texts/texts.ts";

/** A text in the language of the page that's being rendered. */
export function say(key: WordKey, values: Values = {}): string {
  return sayIn(key, values, shown().language);
}

/** The same with its `<tags>` turned into elements. */
export function sayWith(key: WordKey, tags: Tags, values: Values = {}): Child {
  return sayWithIn(key, tags, values, shown().language);
}

/** Texts one after another, as the language of the page sets them apart. */
export function inAList(texts: readonly string[]): string {
  return new Intl.ListFormat(shown().language, { type: "unit" }).format(texts);
}
