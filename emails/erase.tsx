/** @jsxImportSource react */
import { Text } from "@react-email/components";
import { say } from "../src/platform/texts/texts.ts";
import { SenderLine } from "./components/footer.tsx";
import type { Frame } from "./components/frame.ts";
import { Letter } from "./components/letter.tsx";
import { Press } from "./components/press.tsx";
import { themeOf } from "./components/theme.ts";

/** The mail a reader asked for on the page with their data: one link, to the button that erases it. */
export function EraseLetter(frame: Frame) {
  const { language } = frame;
  const { host } = new URL(frame.publicUrl);
  const theme = themeOf(frame);
  const { styles } = theme;
  return (
    <Letter
      {...frame}
      preheader={say("mail.erase.preheader", {}, language)}
      brow={host}
      heading={say("mail.erase.heading", {}, language)}
      footer={<SenderLine {...frame} />}
    >
      <Text style={styles.text} className="ink">
        {say("mail.erase.lead", { host }, language)}
      </Text>
      <Press theme={theme} href="{{erase_url}}">
        {say("mail.erase.button", {}, language)}
      </Press>
      <Text style={styles.text} className="ink">
        {say("mail.erase.note", {}, language)}
      </Text>
    </Letter>
  );
}
