/** @jsxImportSource react */

import { Text } from "@react-email/components";
import type { RootContent } from "mdast";
import { ReaderFooter } from "./components/footer.tsx";
import type { SequenceFrame } from "./components/frame.ts";
import { Letter } from "./components/letter.tsx";
import { MarkdownBlocks } from "./components/markdown.tsx";
import { styles } from "./components/theme.ts";

type ThemeLetterProps = SequenceFrame & {
  readonly preheader: string;
  readonly heading: string;
  readonly ornament?: string | undefined;
  readonly content: readonly RootContent[];
  /** Whether the letter has a copy on the web. */
  readonly online: boolean;
};

/** A weekly letter (and the welcome, which has the same frame): greeting, the Markdown of the step, the footer. */
export function ThemeLetter({ preheader, heading, ornament, content, online, ...frame }: ThemeLetterProps) {
  return (
    <Letter
      {...frame}
      {...{ preheader, heading, ornament }}
      brow={frame.sequenceTitle}
      footer={<ReaderFooter {...frame} online={online} />}
    >
      <Text style={styles.text} className="ink">
        {"{{greeting}}"}
      </Text>
      <MarkdownBlocks nodes={content} />
    </Letter>
  );
}
