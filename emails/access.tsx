/** @jsxImportSource react */
import { Text } from "@react-email/components";
import { SenderLine } from "./components/footer.tsx";
import { Letter, type Sender } from "./components/letter.tsx";
import { Press } from "./components/press.tsx";
import { styles } from "./components/theme.ts";

export const ACCESS_SUBJECT = "The link to your page";

/** The mail with the link to everything that's a reader's own, asked for on one of our pages. */
export function AccessLetter({ sender, publicUrl }: { readonly sender: Sender; readonly publicUrl: string }) {
  const { host } = new URL(publicUrl);
  return (
    <Letter
      publicUrl={publicUrl}
      preheader="It works for an hour, and only this mailbox got it."
      brow={host}
      heading="Here’s the link to your page"
      footer={<SenderLine sender={sender} />}
    >
      <Text style={styles.text} className="ink">
        {`You asked ${host} for it, or someone who has one of your letters did. The page shows your name, your dates and everything we hold about you, and you can change or erase it there.`}
      </Text>
      <Press href="{{data_url}}">Open my page</Press>
      <Text style={styles.text} className="ink">
        The link works for one hour. If you didn’t ask for it, you don’t need to do anything: only this
        mailbox got it.
      </Text>
    </Letter>
  );
}
