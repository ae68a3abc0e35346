/** @jsxImportSource react */
import { Text } from "@react-email/components";
import { say } from "../../src/platform/texts/texts.ts";
import type { Frame, SequenceFrame } from "./frame.ts";
import { type Theme, themeOf } from "./theme.ts";

/** Why this mail came, how to change or stop it, and who sends it from where. The same in every letter. */
export function ReaderFooter({
  online,
  ...frame
}: SequenceFrame & {
  /** Whether the letter has a copy on the web. */
  readonly online: boolean;
}) {
  const { language, publicUrl, sequenceTitle: sequence } = frame;
  const { styles } = themeOf(frame);
  return (
    <>
      <Text style={styles.footer} className="soft">
        {say("mail.footer.why", { sequence, host: new URL(publicUrl).host }, language)}
      </Text>
      {online ? (
        <FooterLink styles={styles} href="{{read_url}}">
          {say("mail.footer.read", {}, language)}
        </FooterLink>
      ) : null}
      <FooterLink styles={styles} href="{{preferences_url}}">
        {say("mail.footer.change", {}, language)}
      </FooterLink>
      <FooterLink styles={styles} href="{{unsubscribe_url}}">
        {say("mail.footer.leave", {}, language)}
      </FooterLink>
      <Text style={styles.footerLine} className="soft">
        {say("mail.footer.own", {}, language)}
      </Text>
      <FooterLink styles={styles} href={`${publicUrl}/privacy`}>
        {say("mail.footer.privacy", {}, language)}
      </FooterLink>
      <SenderLine {...frame} />
    </>
  );
}

/** Each on a line of its own: a finger finds it, and so does a reader of the text part. */
function FooterLink({
  href,
  styles,
  children,
}: Pick<Theme, "styles"> & { readonly href: string; readonly children: string }) {
  return (
    <Text style={styles.footerLine}>
      <a href={href} style={styles.footerLink} className="soft">
        {children}
      </a>
    </Text>
  );
}

/** Owner and postal address. */
export function SenderLine({ sender, ...frame }: Pick<Frame, "sender" | "look" | "language">) {
  const { styles } = themeOf(frame);
  return (
    <Text style={{ ...styles.footer, marginTop: "14px" }} className="soft">
      {`${sender.ownerName}, ${sender.postalAddress}`}
    </Text>
  );
}
