import { selectJoinable } from "../sequences/queries/joinable.ts";
import type { Services } from "../services.ts";
import { readSite } from "../site/site.ts";
import { frameOf, sequenceFrameOf } from "./frame.ts";
import { keepRendition } from "./queries/publication.ts";
import { renderConfirmLetter } from "./render-letter.tsx";
import { paragraphsOf } from "./system-mails.ts";

/**
 * Renders the confirmation of a sequence with the owner's words above our own, in the site's language, and keeps it. Returns the rendition's id; null where no one can join that sequence.
 */
export async function confirmInWords(
  { db, config, now }: Pick<Services, "db" | "config" | "now">,
  slug: string,
  words: string,
): Promise<number | null> {
  const sequence = (await selectJoinable(db)).find((each) => each.slug === slug);
  if (sequence === undefined) return null;
  const site = await readSite(db, config.publicUrl);
  const frame = sequenceFrameOf(frameOf(site, config.publicUrl, site.language), sequence);
  const { senderName, replyTo, everyWeeks } = sequence.settings;
  const from = { fromName: senderName ?? site.name, replyTo: replyTo ?? "" };
  const letter = await renderConfirmLetter(frame, from, everyWeeks, paragraphsOf(words));
  return keepRendition(db, letter, now);
}
