/** @jsxImportSource react */
import { render } from "@react-email/render";
import type { ReactElement } from "react";
import { ACCESS_SUBJECT, AccessLetter } from "../../../emails/access.tsx";
import { withWordParts } from "../../../emails/components/outlook.ts";
import { ConfirmLetter, confirmSubject } from "../../../emails/confirm.tsx";
import { ERASE_SUBJECT, EraseLetter } from "../../../emails/erase.tsx";
import { ThemeLetter } from "../../../emails/weekly-theme.tsx";
import { WelcomeBack, welcomeBackSubject } from "../../../emails/welcome-back.tsx";
import { sha256Hex } from "../../platform/links/mac.ts";
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

/** What is the same in all letters of a deployment. */
export type LetterFrame = {
  readonly publicUrl: string;
  readonly sequenceTitle: string;
  readonly sender: { readonly ownerName: string; readonly postalAddress: string };
};

/** Renders a step (which has a copy on the web) or a welcome (which has none). The same input gives the same bytes. */
export function renderThemeLetter(
  frame: LetterFrame,
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
export function renderConfirmLetter(frame: LetterFrame): Promise<RenderedLetter> {
  return rendered(confirmSubject(frame.sequenceTitle), <ConfirmLetter {...frame} />);
}

/** Renders the letter to somebody who has come back. */
export function renderWelcomeBack(frame: LetterFrame): Promise<RenderedLetter> {
  return rendered(welcomeBackSubject(frame.sequenceTitle), <WelcomeBack {...frame} />);
}

/** System mail that belongs to no sequence, by name. */
export type Notices = Readonly<Record<"erase" | "access", RenderedLetter>>;

/** Renders the mails with the link that erases a reader, and with the one that shows them what we hold. */
export async function renderNotices(frame: Omit<LetterFrame, "sequenceTitle">): Promise<Notices> {
  return {
    erase: await rendered(ERASE_SUBJECT, <EraseLetter {...frame} />),
    access: await rendered(ACCESS_SUBJECT, <AccessLetter {...frame} />),
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
