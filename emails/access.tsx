/** @jsxImportSource react */
import { Text } from "@react-email/components";
import { say } from "../src/platform/texts/texts.ts";
import { SenderLine } from "./components/footer.tsx";
import type { Frame } from "./components/frame.ts";
import { Letter } from "./components/letter.tsx";
import { Press } from "./components/press.tsx";
import { themeOf } from "./components/theme.ts";

/** The mail with the link to everything that's a reader's own, asked for on one of our pages. */
export function AccessLetter(frame: Frame) {
  const { language } = frame;
  const { host } = new URL(frame.publicUrl);
  const theme = themeOf(frame);
  const { styles } = theme;
  return (
    <Letter
      {...frame}
      preheader={say("mail.access.preheader", {}, language)}
      brow={host}
      heading={say("mail.access.heading", {}, language)}
      footer={<SenderLine {...frame} />}
    >
      <Text style={styles.text} className="ink">
        {say("mail.access.lead", { host }, language)}
      </Text>
      <Press theme={theme} href="{{data_url}}">
        {say("mail.access.button", {}, language)}
      </Press>
      <Text style={styles.text} className="ink">
        {say("mail.access.note", {}, language)}
      </Text>
    </Letter>
  );
}
