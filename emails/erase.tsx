/** @jsxImportSource react */
import { Text } from "@react-email/components";
import { SenderLine } from "./components/footer.tsx";
import { Letter, type Sender } from "./components/letter.tsx";
import { Press } from "./components/press.tsx";
import { styles } from "./components/theme.ts";

export const ERASE_SUBJECT = "Erase what we hold about you?";

/** The mail that somebody asked for on the page with their data: one link, to the button that erases it. */
export function EraseLetter({ sender, publicUrl }: { readonly sender: Sender; readonly publicUrl: string }) {
  const { host } = new URL(publicUrl);
  return (
    <Letter
      publicUrl={publicUrl}
      preheader="One more press, so that nobody else can do it for you."
      brow={host}
      heading="Erase what we hold about you?"
      footer={<SenderLine sender={sender} />}
    >
      <Text style={styles.text} className="ink">
        {`On your page you asked ${host} to erase everything about you. Go on here; the page tells what is erased and what stays.`}
      </Text>
      <Press href="{{erase_url}}">Look, then erase</Press>
      <Text style={styles.text} className="ink">
        The link works for three days. If it was not you, do nothing: nothing is erased without it.
      </Text>
    </Letter>
  );
}
