/** @jsxImportSource react */

import { Text } from "@react-email/components";
import type { RootContent } from "mdast";
import type { Language } from "../src/platform/texts/languages.ts";
import { ReaderFooter } from "./components/footer.tsx";
import type { SequenceFrame } from "./components/frame.ts";
import { Letter } from "./components/letter.tsx";
import { MarkdownBlocks } from "./components/markdown.tsx";
import { Rich } from "./components/rich.tsx";
import { SignOff } from "./components/sign-off.tsx";
import { themeOf } from "./components/theme.ts";

/** A sequence that can be joined next: its title, in its own language, and where. */
export type Offer = { readonly title: string; readonly language: Language; readonly href: string };

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
};

/** A weekly letter (and the welcome, which has the same frame): greeting, the Markdown of the step, the footer. */
export function ThemeLetter(props: ThemeLetterProps) {
  const { preheader, heading, ornament, content, headings, offer, online, ...frame } = props;
  const theme = themeOf(frame);
  const { styles } = theme;
  return (
    <Letter
      {...frame}
      {...{ preheader, heading, ornament }}
      brow={frame.sequenceTitle}
      browLanguage={frame.sequenceLanguage}
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
    </Letter>
  );
}
