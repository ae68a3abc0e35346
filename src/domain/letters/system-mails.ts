import type { Frame } from "../../../emails/components/frame.ts";
import type { OwnWords, systemMails } from "../../platform/db/schema/index.ts";
import { LANGUAGES, type Language } from "../../platform/texts/languages.ts";
import type { Site } from "../site/site.ts";
import { frameOf, sequenceFrameOf } from "./frame.ts";
import {
  type From,
  type RenderedLetter,
  renderAccess,
  renderConfirmLetter,
  renderErase,
  renderWelcomeBack,
} from "./render-letter.tsx";

/** A mail in our own words. */
export type SystemMail = {
  readonly name: (typeof systemMails.$inferSelect)["name"];
  readonly language: Language;
  readonly letter: RenderedLetter;
};

/** How a system mail is named among those of a site and a sequence together. */
export function nameOf({ name, language }: Pick<SystemMail, "name" | "language">): string {
  return `${name} ${language}`;
}

/** What the mails of a sequence say of it. */
export type SequenceMails = From & {
  readonly title: string;
  readonly language: Language;
  readonly everyWeeks: number;
  readonly words: OwnWords | undefined;
};

/** An owner's words as paragraphs, which are cut at empty lines. What stands in braces would be a merge slot of ours. */
export function paragraphsOf(words: string): string[] {
  return words
    .replaceAll(/[{}]/g, "")
    .split(/\r?\n\s*\r?\n/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== "");
}

/** A publication asks for two dozen, nearly always the same ones. */
const KEPT_MAX = 200;
const kept = new Map<string, Promise<RenderedLetter>>();

function once(name: string, about: unknown, make: () => Promise<RenderedLetter>): Promise<RenderedLetter> {
  const key = JSON.stringify([name, about]);
  const known = kept.get(key);
  if (known !== undefined) return known;
  if (kept.size >= KEPT_MAX) kept.clear();
  const made = make();
  kept.set(key, made);
  // What failed is tried again.
  made.catch(() => kept.delete(key));
  return made;
}

/** The mails of a sequence that are ours, in every language: people are written to in the language of the form they used. */
export async function sequenceMails(
  site: Site,
  publicUrl: string,
  sequence: SequenceMails,
): Promise<SystemMail[]> {
  const mails: SystemMail[] = [];
  for (const language of LANGUAGES) {
    const frame = sequenceFrameOf(frameOf(site, publicUrl, language), sequence);
    const about = [frame, sequence];
    // What an owner says, they say in one language.
    const words = language === sequence.language ? sequence.words : undefined;
    const [asking, returning] = [words?.confirmation ?? "", words?.welcomeBack ?? ""].map(paragraphsOf);
    const confirmation = await once("confirmation", about, () =>
      renderConfirmLetter(frame, sequence, sequence.everyWeeks, asking),
    );
    const back = await once("welcome_back", about, () => renderWelcomeBack(frame, sequence, returning));
    mails.push({ name: "confirmation", language, letter: confirmation });
    mails.push({ name: "welcome_back", language, letter: back });
  }
  return mails;
}

/** Those that belong to no sequence. */
export async function siteMails(site: Site, publicUrl: string): Promise<SystemMail[]> {
  const from: From = { fromName: site.name, replyTo: "" };
  const mails: SystemMail[] = [];
  const both = [
    ["erase", renderErase],
    ["access", renderAccess],
  ] as const satisfies ReadonlyArray<
    readonly [string, (frame: Frame, from: From) => Promise<RenderedLetter>]
  >;
  for (const language of LANGUAGES) {
    const frame = frameOf(site, publicUrl, language);
    for (const [name, render] of both) {
      const letter = await once(name, [frame, from], () => render(frame, from));
      mails.push({ name, language, letter });
    }
  }
  return mails;
}
