/** @jsxImportSource react */

import { Text } from "@react-email/components";
import type { RootContent } from "mdast";
import { ReaderFooter } from "./components/footer.tsx";
import { Letter, type Sender } from "./components/letter.tsx";
import { MarkdownBlocks } from "./components/markdown.tsx";
import { styles } from "./components/theme.ts";

export type ThemeLetterProps = {
  readonly sender: Sender;
  readonly publicUrl: string;
  readonly sequenceTitle: string;
  readonly preheader: string;
  readonly heading: string;
  readonly ornament?: string | undefined;
  readonly content: readonly RootContent[];
  /** Whether the letter has a copy on the web. */
  readonly online: boolean;
};

/** A weekly letter (and the welcome, which has the same frame): greeting, the Markdown of the step, the footer. */
export function ThemeLetter(props: ThemeLetterProps) {
  const { publicUrl, preheader, sequenceTitle, heading, ornament } = props;
  return (
    <Letter
      {...{ publicUrl, preheader, heading, ornament }}
      brow={sequenceTitle}
      footer={<ReaderFooter {...props} />}
    >
      <Text style={styles.text} className="ink">
        {"{{greeting}}"}
      </Text>
      <MarkdownBlocks nodes={props.content} />
    </Letter>
  );
}
