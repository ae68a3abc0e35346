/** @jsxImportSource react */
import { Link } from "@react-email/link";
import { Text } from "@react-email/text";
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
      <Text style={styles.footer} className="soft">
        {online ? (
          <>
            <Link href="{{read_url}}" style={styles.footerLink} className="soft">
              Read online
            </Link>
            {" · "}
          </>
        ) : null}
        <Link href="{{preferences_url}}" style={styles.footerLink} className="soft">
          Change the day, skip or pause
        </Link>
        {" · "}
        <Link href="{{unsubscribe_url}}" style={styles.footerLink} className="soft">
          Unsubscribe from these letters
        </Link>
        {" · "}
        <Link href={`${publicUrl}/privacy`} style={styles.footerLink} className="soft">
          Privacy
        </Link>
      </Text>
      <SenderLine sender={sender} />
    </>
  );
}

/** Owner and postal address. */
export function SenderLine({ sender }: { readonly sender: Sender }) {
  return (
    <Text style={styles.footer} className="soft">
      {`${sender.ownerName}, ${sender.postalAddress}`}
    </Text>
  );
}
