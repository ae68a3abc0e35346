/** @jsxImportSource react */

import { Text } from "@react-email/text";
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
  readonly content: readonly RootContent[];
  /** Whether the letter has a copy on the web. */
  readonly online: boolean;
};

/** A weekly letter (and the welcome, which has the same frame): greeting, the Markdown of the step, the footer. */
export function ThemeLetter(props: ThemeLetterProps) {
  return (
    <Letter
      preheader={props.preheader}
      brow={props.sequenceTitle}
      heading={props.heading}
      footer={
        <ReaderFooter
          sender={props.sender}
          sequenceTitle={props.sequenceTitle}
          publicUrl={props.publicUrl}
          online={props.online}
        />
      }
    >
      <Text style={styles.text} className="ink">
        {"{{greeting}}"}
      </Text>
      <MarkdownBlocks nodes={props.content} />
    </Letter>
  );
}
