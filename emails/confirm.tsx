/** @jsxImportSource react */
import { Text } from "@react-email/components";
import { SenderLine } from "./components/footer.tsx";
import { Letter, type Sender } from "./components/letter.tsx";
import { Press } from "./components/press.tsx";
import { styles } from "./components/theme.ts";

export type ConfirmLetterProps = {
  readonly sender: Sender;
  readonly publicUrl: string;
  readonly sequenceTitle: string;
};

/** The subject of the confirmation mail. */
export function confirmSubject(sequenceTitle: string): string {
  return `Please confirm: ${sequenceTitle}`;
}

/**
 * The confirmation mail: one request and one button, nothing that advertises (UWG section 7; rule 3.04) and nothing
 * that a stranger typed (rule 3.17).
 */
export function ConfirmLetter({ sender, publicUrl, sequenceTitle }: ConfirmLetterProps) {
  return (
    <Letter
      publicUrl={publicUrl}
      preheader="One press and your sign-up is complete. Not you? Then simply leave it."
      brow={sequenceTitle}
      heading="Please confirm your sign-up"
      footer={<SenderLine sender={sender} />}
    >
      <Text style={styles.text} className="ink">
        {`Somebody, we hope you, asked ${new URL(publicUrl).host} to send the weekly letters “${sequenceTitle}” to this address. They start once you confirm.`}
      </Text>
      <Press href="{{confirm_url}}">Confirm my sign-up</Press>
      <Text style={styles.text} className="ink">
        The button works for seven days. If this was not you, do nothing: without it you will get no letters.
      </Text>
    </Letter>
  );
}
