/** @jsxImportSource react */
import { Text } from "@react-email/components";
import type { Sender } from "./letter.tsx";
import { styles } from "./theme.ts";

/** Why this mail came, how to change or stop it, and who sends it where from. Same words in every letter. */
export function ReaderFooter({
  sender,
  sequenceTitle,
  publicUrl,
  online,
}: {
  readonly sender: Sender;
  readonly sequenceTitle: string;
  readonly publicUrl: string;
  /** Whether the letter has a copy on the web. */
  readonly online: boolean;
}) {
  return (
    <>
      <Text style={styles.footer} className="soft">
        {`You get this letter because you signed up for “${sequenceTitle}” on ${new URL(publicUrl).host} and confirmed it. Replies reach a person.`}
      </Text>
      {online ? <FooterLink href="{{read_url}}">Read online</FooterLink> : null}
      <FooterLink href="{{preferences_url}}">Change the day, skip or pause</FooterLink>
      <FooterLink href="{{unsubscribe_url}}">Unsubscribe from these letters</FooterLink>
      <FooterLink href={`${publicUrl}/privacy`}>Privacy</FooterLink>
      <SenderLine sender={sender} />
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
