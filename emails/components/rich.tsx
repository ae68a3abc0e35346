/** @jsxImportSource react */
import { Fragment, type ReactNode } from "react";
import type { Language } from "../../src/platform/texts/languages.ts";
import { sayParts, type Values, type WordKey } from "../../src/platform/texts/texts.ts";

/** A text of the catalogue whose `<tags>` become elements. */
export function Rich({
  text,
  tags,
  values = {},
  language,
}: {
  readonly text: WordKey;
  readonly tags: Readonly<Record<string, (inner: ReactNode) => ReactNode>>;
  readonly values?: Values;
  readonly language: Language;
}) {
  const parts = sayParts<ReactNode>(text, tags, values, language);
  // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text have their place and nothing else
  return parts.map((part, place) => <Fragment key={place}>{part}</Fragment>);
}
