/** @jsxImportSource react */

import { Text } from "@react-email/components";
import type { RootContent } from "mdast";
import type { Language } from "../src/platform/texts/languages.ts";
import { say } from "../src/platform/texts/texts.ts";
import { ReaderFooter } from "./components/footer.tsx";
import type { SequenceFrame } from "./components/frame.ts";
import { Letter } from "./components/letter.tsx";
import { MarkdownBlocks } from "./components/markdown.tsx";
import { Rich } from "./components/rich.tsx";
import { SignOff } from "./components/sign-off.tsx";
import { type Theme, themeOf } from "./components/theme.ts";

/** A sequence that can be joined next: its title, in its own language, and where. */
export type Offer = { readonly title: string; readonly language: Language; readonly href: string };

/** Where a letter stands among the published ones of its sequence, what it's about, what comes after it, and where anyone may read it. */
export type LetterPlace = {
  /** From 1. */
  readonly number: number;
  readonly of: number;
  readonly title: string;
  /** The title of the next one; null for the last. */
  readonly next: string | null;
  readonly share: string | null;
};

type ThemeLetterProps = SequenceFrame & {
  readonly preheader: string;
  readonly heading: string;
  readonly ornament?: string | undefined;
  readonly content: readonly RootContent[];
  /** How blocks that an answer chooses are announced, by name. */
  readonly headings: Readonly<Record<string, string>>;
  /** Another sequence, offered at the end of the last letter. */
  readonly offer: Offer | null;
  /** Whether the letter has a copy on the web. */
  readonly online: boolean;
  /** Null for a welcome, a draft, and a letter of no sequence. */
  readonly place: LetterPlace | null;
};

/** A weekly letter (and the welcome, which has the same frame): greeting, the Markdown of the step, the footer. */
export function ThemeLetter(props: ThemeLetterProps) {
  const { preheader, heading, ornament, content, headings, offer, online, place, ...frame } = props;
  const theme = themeOf(frame);
  const { styles } = theme;
  return (
    <Letter
      {...frame}
      {...{ preheader, heading, ornament }}
      {...(place === null
        ? { brow: frame.sequenceTitle, browLanguage: frame.sequenceLanguage }
        : { brow: browOf(place, heading, frame.language) })}
      footer={<ReaderFooter {...frame} online={online} />}
    >
      <Text style={styles.text} className="ink">
        {"{{greeting}}"}
      </Text>
      <MarkdownBlocks nodes={content} theme={theme} headings={headings} />
      {offer === null ? null : (
        <Text style={styles.text} className="ink">
          <Rich
            text="mail.offer"
            tags={{
              link: (inner) => (
                <a href={offer.href} style={styles.link} className="accent" lang={offer.language}>
                  {inner}
                </a>
              ),
            }}
            values={{ title: offer.title }}
            language={frame.language}
          />
        </Text>
      )}
      <SignOff {...frame} />
      {place === null ? null : <After place={place} theme={theme} language={frame.language} />}
    </Letter>
  );
}

/** "Letter 3 of 10 · Boundaries"; without what's the heading already. */
function browOf({ number, of, title }: LetterPlace, heading: string, language: Language): string {
  const numbered = say("mail.number", { number, of }, language);
  return title === heading ? numbered : `${numbered} · ${title}`;
}

/** What comes next, and where the letter can be shared. */
function After({
  place: { next, share },
  theme: { styles },
  language,
}: {
  readonly place: LetterPlace;
  readonly theme: Theme;
  readonly language: Language;
}) {
  return (
    <>
      {next === null ? null : (
        <Text style={styles.after} className="soft">
          {say("mail.next", { title: next }, language)}
        </Text>
      )}
      {share === null ? null : (
        <Text style={next === null ? styles.after : styles.footer} className="soft">
          <a href={share} style={styles.footerLink} className="soft">
            {say("mail.share", {}, language)}
          </a>
        </Text>
      )}
    </>
  );
}
