/** @jsxImportSource react */
import { Text } from "@react-email/components";
import { say } from "../../src/platform/texts/texts.ts";
import type { Sender, SequenceFrame } from "./frame.ts";
import { styles } from "./theme.ts";

/** Why this mail came, how to change or stop it, and who sends it from where. The same in every letter. */
export function ReaderFooter({
  online,
  ...frame
}: SequenceFrame & {
  /** Whether the letter has a copy on the web. */
  readonly online: boolean;
}) {
  const { language, publicUrl, sequenceTitle: sequence } = frame;
  return (
    <>
      <Text style={styles.footer} className="soft">
        {say("mail.footer.why", { sequence, host: new URL(publicUrl).host }, language)}
      </Text>
      {online ? <FooterLink href="{{read_url}}">{say("mail.footer.read", {}, language)}</FooterLink> : null}
      <FooterLink href="{{preferences_url}}">{say("mail.footer.change", {}, language)}</FooterLink>
      <FooterLink href="{{unsubscribe_url}}">{say("mail.footer.leave", {}, language)}</FooterLink>
      <FooterLink href={`${publicUrl}/privacy`}>{say("mail.footer.privacy", {}, language)}</FooterLink>
      <SenderLine {...frame} />
    </>
  );
}

/** Each on a line of its own: a finger finds it, and so does a reader of the text part. */
function FooterLink({ href, children }: { readonly href: string; readonly children: string }) {
  return (
    <Text style={styles.footerLine}>
      <a href={href} style={styles.footerLink} className="soft">
        {children}
      </a>
    </Text>
  );
}

/** Owner and postal address. */
export function SenderLine({ sender }: { readonly sender: Sender }) {
  return (
    <Text style={{ ...styles.footer, marginTop: "14px" }} className="soft">
      {`${sender.ownerName}, ${sender.postalAddress}`}
    </Text>
  );
}
