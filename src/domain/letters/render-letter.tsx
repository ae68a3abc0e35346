/** @jsxImportSource react */
import { render } from "@react-email/render";
import type { ReactElement } from "react";
import { AccessLetter } from "../../../emails/access.tsx";
import type { Frame, SequenceFrame } from "../../../emails/components/frame.ts";
import { withWordParts } from "../../../emails/components/outlook.ts";
import { ConfirmLetter } from "../../../emails/confirm.tsx";
import { EraseLetter } from "../../../emails/erase.tsx";
import { ThemeLetter } from "../../../emails/weekly-theme.tsx";
import { WelcomeBack } from "../../../emails/welcome-back.tsx";
import { sha256Hex } from "../../platform/links/mac.ts";
import { say } from "../../platform/texts/texts.ts";
import type { Letter } from "./letter-schema.ts";
import { pageBody } from "./page-body.tsx";
import type { ParsedLetter } from "./parse-letter.ts";
import { textPart } from "./text-part.ts";

/** A rendition before it is stored; `hash` is the hex SHA-256 of all the others. */
export type RenderedLetter = {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** Heading and body of the web copy; empty for mail that has none. */
  readonly heading: string;
  readonly page: string;
  readonly hash: string;
};

/** Renders a step (which has a copy on the web) or a welcome (which has none). The same input gives the same bytes. */
export function renderThemeLetter(
  frame: SequenceFrame,
  letter: Letter,
  parsed: ParsedLetter,
  /** What stands on the web: the same for every age, so that passing the link on tells nothing. Null for no web copy. */
  web: ParsedLetter | null,
): Promise<RenderedLetter> {
  const heading = parsed.heading ?? letter.subject;
  return rendered(
    letter.subject,
    <ThemeLetter
      {...frame}
      preheader={letter.preheader}
      heading={heading}
      ornament={letter.ornament}
      content={parsed.content}
      online={web !== null}
    />,
    web === null ? OFFLINE : { heading, page: pageBody(web, letter.ornament) },
  );
}

/** Renders the confirmation mail of a sequence. */
export function renderConfirmLetter(frame: SequenceFrame, everyWeeks: number): Promise<RenderedLetter> {
  const subject = say("mail.confirm.subject", { sequence: frame.sequenceTitle }, frame.language);
  return rendered(subject, <ConfirmLetter {...frame} everyWeeks={everyWeeks} />);
}

/** Renders the letter to a reader who has come back. */
export function renderWelcomeBack(frame: SequenceFrame): Promise<RenderedLetter> {
  const subject = say("mail.back.subject", { sequence: frame.sequenceTitle }, frame.language);
  return rendered(subject, <WelcomeBack {...frame} />);
}

/** System mail that belongs to no sequence, by name. */
export type Notices = Readonly<Record<"erase" | "access", RenderedLetter>>;

/** Renders the mails with the link that erases a reader, and with the one that shows them what we hold. */
export async function renderNotices(frame: Frame): Promise<Notices> {
  return {
    erase: await rendered(say("mail.erase.subject", {}, frame.language), <EraseLetter {...frame} />),
    access: await rendered(say("mail.access.subject", {}, frame.language), <AccessLetter {...frame} />),
  };
}

const OFFLINE = { heading: "", page: "" };

async function rendered(
  subject: string,
  element: ReactElement,
  { heading, page }: Pick<RenderedLetter, "heading" | "page"> = OFFLINE,
): Promise<RenderedLetter> {
  const html = withWordParts(await render(element));
  const text = textPart(html);
  const hash = await sha256Hex(JSON.stringify([subject, html, text, heading, page]));
  return { subject, html, text, heading, page, hash };
}
