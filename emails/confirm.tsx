/** @jsxImportSource react */
import { Text } from "@react-email/components";
import { say } from "../src/platform/texts/texts.ts";
import { SenderLine } from "./components/footer.tsx";
import type { SequenceFrame } from "./components/frame.ts";
import { Letter } from "./components/letter.tsx";
import { Press } from "./components/press.tsx";
import { themeOf } from "./components/theme.ts";

/**
 * The confirmation mail: one request and one button, nothing that advertises (UWG section 7; rule 3.04) and nothing
 * that a stranger typed (rule 3.17). `words` are the owner's, above our own: why people of an old list are asked.
 */
export function ConfirmLetter({
  everyWeeks,
  words,
  ...frame
}: SequenceFrame & { readonly everyWeeks: number; readonly words: readonly string[] }) {
  const { language, sequenceTitle: sequence } = frame;
  const { host } = new URL(frame.publicUrl);
  const theme = themeOf(frame);
  const { styles } = theme;
  return (
    <Letter
      {...frame}
      preheader={say("mail.confirm.preheader", {}, language)}
      brow={sequence}
      browLanguage={frame.sequenceLanguage}
      heading={say("mail.confirm.heading", {}, language)}
      footer={<SenderLine {...frame} />}
    >
      {words.map((paragraph) => (
        <Text key={paragraph} style={styles.text} className="ink">
          {paragraph}
        </Text>
      ))}
      <Text style={styles.text} className="ink">
        {say("mail.confirm.lead", { host, sequence, weeks: everyWeeks }, language)}
      </Text>
      <Press theme={theme} href="{{confirm_url}}">
        {say("mail.confirm.button", {}, language)}
      </Press>
      <Text style={styles.text} className="ink">
        {say("mail.confirm.note", {}, language)}
      </Text>
    </Letter>
  );
}
