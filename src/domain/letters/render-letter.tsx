/** @jsxImportSource react */
import { render } from "@react-email/render";
import type { ReactElement } from "react";
import { AccessLetter } from "../../../emails/access.tsx";
import { AlertLetter } from "../../../emails/alert.tsx";
import type { Frame, SequenceFrame } from "../../../emails/components/frame.ts";
import { withWordParts } from "../../../emails/components/outlook.ts";
import { ConfirmLetter } from "../../../emails/confirm.tsx";
import { EraseLetter } from "../../../emails/erase.tsx";
import { type LetterPlace, type Offer, ThemeLetter } from "../../../emails/weekly-theme.tsx";
import { WelcomeBack } from "../../../emails/welcome-back.tsx";
import { sha256Hex } from "../../platform/links/mac.ts";
import type { Language } from "../../platform/texts/languages.ts";
import { say } from "../../platform/texts/texts.ts";
import type { Letter } from "./letter-schema.ts";
import { pageBody } from "./page-body.tsx";
import type { ParsedLetter } from "./parse-letter.ts";
import { textPart } from "./text-part.ts";
import type { BlockHeadings } from "./variants.ts";

/** Who a letter is from, and where replies go; empty for the configured ones. */
export type From = { readonly fromName: string; readonly replyTo: string };

/** A rendition before it is stored; `hash` is the hex SHA-256 of all the others. */
export type RenderedLetter = From & {
  readonly language: Language;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** Heading and body of the web copy; empty for mail that has none. */
  readonly heading: string;
  readonly page: string;
  readonly hash: string;
};

type LetterParts = {
  readonly parsed: ParsedLetter;
  /** What stands on the web: the same for every answer, so that passing the link on tells nothing. Null for no web copy. */
  readonly web: ParsedLetter | null;
  /** How blocks that an answer chooses are announced. */
  readonly headings: BlockHeadings;
  /** The sequence that's offered at its end. */
  readonly offer: Offer | null;
  /** Where it stands in its sequence; null for a welcome, a draft, and a letter of no sequence. */
  readonly place: LetterPlace | null;
};

/** Renders a step (which has a copy on the web) or a welcome (which has none). The same input gives the same bytes. */
export function renderThemeLetter(
  frame: SequenceFrame,
  from: From,
  letter: Letter,
  { parsed, web, headings, offer, place }: LetterParts,
): Promise<RenderedLetter> {
  const title = parsed.heading ?? letter.subject;
  // In its sequence a letter's title stands above it, and its subject is the headline unless it sets one. Online it's known by its title.
  const heading = parsed.headline ?? (place === null ? title : letter.subject);
  return rendered(
    frame,
    from,
    letter.subject,
    <ThemeLetter
      {...frame}
      preheader={letter.preheader}
      heading={heading}
      ornament={letter.ornament}
      content={parsed.content}
      headings={headings}
      offer={offer}
      online={web !== null}
      place={place}
    />,
    web === null ? OFFLINE : { heading: title, page: pageBody(web, headings, letter.ornament) },
  );
}

/** Renders the confirmation mail of a sequence. */
export function renderConfirmLetter(
  frame: SequenceFrame,
  from: From,
  everyWeeks: number,
  words: readonly string[] = [],
): Promise<RenderedLetter> {
  const subject = say("mail.confirm.subject", { sequence: frame.sequenceTitle }, frame.language);
  return rendered(frame, from, subject, <ConfirmLetter {...frame} everyWeeks={everyWeeks} words={words} />);
}

/** Renders the letter to a reader who has come back. */
export function renderWelcomeBack(
  frame: SequenceFrame,
  from: From,
  words: readonly string[] = [],
): Promise<RenderedLetter> {
  const subject = say("mail.back.subject", { sequence: frame.sequenceTitle }, frame.language);
  return rendered(frame, from, subject, <WelcomeBack {...frame} words={words} />);
}

/** Renders the mail with the link that erases a reader. */
export function renderErase(frame: Frame, from: From): Promise<RenderedLetter> {
  return rendered(frame, from, say("mail.erase.subject", {}, frame.language), <EraseLetter {...frame} />);
}

/** Renders the mail with the link to everything that's a reader's own. */
export function renderAccess(frame: Frame, from: From): Promise<RenderedLetter> {
  return rendered(frame, from, say("mail.access.subject", {}, frame.language), <AccessLetter {...frame} />);
}

/** Renders the mail to owners about what needs a look. */
export function renderAlerts(
  frame: Frame,
  from: From,
  alerts: ReadonlyArray<{ readonly sentence: string; readonly detail: string }>,
): Promise<RenderedLetter> {
  const { host } = new URL(frame.publicUrl);
  const subject = say("desk.mail.subject", { count: alerts.length, host }, frame.language);
  return rendered(frame, from, subject, <AlertLetter {...frame} alerts={alerts} />);
}

const OFFLINE = { heading: "", page: "" };

async function rendered(
  { language }: Frame,
  { fromName, replyTo }: From,
  subject: string,
  element: ReactElement,
  { heading, page }: Pick<RenderedLetter, "heading" | "page"> = OFFLINE,
): Promise<RenderedLetter> {
  const html = withWordParts(await render(element));
  const text = textPart(html);
  const hash = await sha256Hex(
    JSON.stringify([subject, html, text, heading, page, language, fromName, replyTo]),
  );
  return { subject, html, text, heading, page, language, fromName, replyTo, hash };
}
