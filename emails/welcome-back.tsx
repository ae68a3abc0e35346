/** @jsxImportSource react */
import { Text } from "@react-email/components";
import { ReaderFooter } from "./components/footer.tsx";
import { Letter, type Sender } from "./components/letter.tsx";
import { styles } from "./components/theme.ts";

export type WelcomeBackProps = {
  readonly sender: Sender;
  readonly publicUrl: string;
  readonly sequenceTitle: string;
};

/** The subject of the letter to somebody who signed up again. */
export function welcomeBackSubject(sequenceTitle: string): string {
  return `Welcome back to ${sequenceTitle}`;
}

/** To somebody who had left and confirmed again: when it goes on. The long welcome would promise letters that they know. */
export function WelcomeBack({ sender, publicUrl, sequenceTitle }: WelcomeBackProps) {
  return (
    <Letter
      publicUrl={publicUrl}
      preheader="When your next letter comes. The themes you have had are not sent again."
      brow={sequenceTitle}
      heading="Good to have you back"
      footer={
        <ReaderFooter sender={sender} publicUrl={publicUrl} sequenceTitle={sequenceTitle} online={false} />
      }
    >
      <Text style={styles.text} className="ink">
        {"{{greeting}}"}
      </Text>
      <Text style={styles.text} className="ink">
        {"Your letters go on where you left them. The next one comes on "}
        <strong>{"{{first_theme_date}}"}</strong>, and the others follow at your pace.
      </Text>
      <Text style={styles.text} className="ink">
        {"Has your week changed since then? "}
        <a href="{{preferences_url}}" style={styles.link} className="accent">
          Choose another day, hour or pace
        </a>
        .
      </Text>
    </Letter>
  );
}
