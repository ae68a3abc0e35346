/** @jsxImportSource react */
import { Text } from "@react-email/components";
import { say } from "../src/platform/texts/texts.ts";
import { SenderLine } from "./components/footer.tsx";
import type { Frame } from "./components/frame.ts";
import { Letter } from "./components/letter.tsx";
import { Press } from "./components/press.tsx";
import { themeOf } from "./components/theme.ts";

/** What needs a look, to the owners: what each thing means and what to do, and the way to the desk. */
export function AlertLetter({
  alerts,
  ...frame
}: Frame & { readonly alerts: ReadonlyArray<{ readonly sentence: string; readonly detail: string }> }) {
  const { language } = frame;
  const { host } = new URL(frame.publicUrl);
  const theme = themeOf(frame);
  const { styles } = theme;
  return (
    <Letter
      {...frame}
      preheader={alerts[0]?.sentence ?? ""}
      brow={host}
      heading={say("desk.mail.heading", {}, language)}
      footer={<SenderLine {...frame} />}
    >
      {alerts.map(({ sentence, detail }) => (
        <Text key={detail} style={styles.text} className="ink">
          {sentence}
          <br />
          {detail}
        </Text>
      ))}
      <Press theme={theme} href={`${frame.publicUrl}/desk`}>
        {say("desk.mail.button", {}, language)}
      </Press>
      <Text style={styles.text} className="ink">
        {say("desk.mail.note", {}, language)}
      </Text>
    </Letter>
  );
}
