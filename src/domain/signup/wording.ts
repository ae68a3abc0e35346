import { sha256Hex } from "../../platform/links/mac.ts";
import type { Language } from "../../platform/texts/languages.ts";
import { say } from "../../platform/texts/texts.ts";
import type { Site } from "../site/site.ts";
import type { Wording } from "./partners/partner.ts";

/** As much of the hash as names a version: 48 bits, for the few texts that a site has in its life. */
const VERSION_CHARACTERS = 12;

/**
 * What a visitor agrees to by signing up on a page of ours, in a language: the site's own words, or else our usual ones for what it's to
 * cover. Its version is made of the text, the language and what it covers, so that another text is another version and old records
 * stay proof.
 */
export async function ownWording(site: Site, language: Language): Promise<Wording> {
  const { texts, covers } = site.consent;
  const usual = covers.includes("broadcasts") ? "consent.withBroadcasts" : "consent.sequence";
  const text = texts[language] ?? say(usual, { site: site.name }, language);
  const hash = await sha256Hex(text);
  return { version: await versionOf({ text, language, covers }), text, locale: language, hash, covers };
}

/** The version of a text of ours. */
export async function versionOf({
  text,
  language,
  covers,
}: Pick<Wording, "text" | "covers"> & { readonly language: Language }): Promise<string> {
  const hash = await sha256Hex(JSON.stringify([text, language, [...covers].sort()]));
  return `own-${hash.slice(0, VERSION_CHARACTERS)}`;
}
