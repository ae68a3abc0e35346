// Stands in the Worker bundle for decode-named-character-reference, whose table of 2,125 names is there already, in what html-to-text reads HTML
// with (wrangler.toml, [alias]).
import { decodeHTMLStrict } from "entities/decode";

/** The character that HTML calls by a name (`copy`, without `&` and `;`); false for a name that it doesn't know. */
export function decodeNamedCharacterReference(name: string): string | false {
  if (!/^[A-Za-z0-9]+$/.test(name)) return false;
  const reference = `&${name};`;
  const character = decodeHTMLStrict(reference);
  return character === reference ? false : character;
}
