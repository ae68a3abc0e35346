import type { MessageFrame, PinnedMember } from "../../platform/db/schema/index.ts";
import type { OutboundMessage } from "../../platform/providers/mail-provider.ts";
import { renamed } from "../../platform/read-mailbox.ts";
import type { MessageParts } from "../ledger/kind.ts";
import { greetingFor } from "../letters/greeting.ts";
import { type CompiledRendition, mergeLetter } from "./merge.ts";

// Feedback-ID asks for a stable sender id of 5 to 15 characters (support.google.com/mail/answer/6254652).
const SENDER_ID = "themepost";

export type ComposedMessage =
  | { readonly kind: "composed"; readonly message: OutboundMessage }
  | { readonly kind: "unresolved"; readonly slot: string };

/** What a message is made of: the pinned frame and member, what its kind says of it, and its links, signed, by slot. */
export type MessageSource = {
  readonly frame: MessageFrame;
  /** The host of the frame's public URL. */
  readonly host: string;
  readonly member: PinnedMember;
  readonly parts: MessageParts;
  readonly links: Readonly<Record<string, string>>;
};

/**
 * The message for one member, the same bytes every time: links are signed without a time of their own, and everything
 * that could change is pinned in the frame and the member.
 */
export function outboundMessage(source: MessageSource, rendition: CompiledRendition): ComposedMessage {
  const { frame, member, parts, links } = source;
  const merged = mergeLetter(rendition, {
    ...links,
    ...parts.texts,
    greeting: greetingFor(member.firstName, rendition.language),
  });
  if (merged.kind === "unresolved") return merged;
  const { subject, html, text } = merged;
  return {
    kind: "composed",
    message: {
      to: member.address,
      from: rendition.fromName === "" ? frame.from : renamed(frame.from, rendition.fromName),
      replyTo: rendition.replyTo === "" ? frame.replyTo : rendition.replyTo,
      subject: `${parts.subjectMark}${subject}`,
      html,
      text,
      headers: headers(source),
      tags: [
        { name: "delivery_id", value: `${frame.instance}-${member.id}` },
        { name: "kind", value: member.kind },
      ],
    },
  };
}

/**
 * Mail of no list has nothing to unsubscribe from. List-Unsubscribe: one https URI on one line under 200 characters (RFC 8058
 * section 3.1; rule 2.15).
 */
function headers({ host, member, parts, links }: MessageSource): Record<string, string> {
  const { list, oneClick, stream } = parts;
  const common = {
    ...(list === null ? {} : { "List-Id": `${asciiPhrase(list.title)} <${list.slug}.${host}>` }),
    "X-Auto-Response-Suppress": "OOF, AutoReply",
    "Feedback-ID": `${stream}:${member.kind}:${SENDER_ID}`,
  };
  if (oneClick === null) return { ...common, "Auto-Submitted": "auto-generated" };
  return {
    ...common,
    "List-Unsubscribe": `<${links[oneClick] ?? ""}>`,
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
  };
}

/** The title as a header phrase: plain ASCII words, so that it needs neither quoting nor encoding (RFC 2919 section 3). */
function asciiPhrase(title: string): string {
  return title
    .normalize("NFKD")
    .replaceAll(/[^A-Za-z0-9 -]/g, "")
    .trim();
}
