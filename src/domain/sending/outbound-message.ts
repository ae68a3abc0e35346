import { clockTime, longDate } from "../../platform/calendar/format.ts";
import { type Purpose, signLink } from "../../platform/links/token.ts";
import { linkUrl } from "../../platform/links/urls.ts";
import type { OutboundMessage } from "../../platform/providers/mail-provider.ts";
import type { PinnedMember } from "./compose-attempt.ts";
import { type CompiledRendition, mergeLetter, type SlotValues } from "./merge.ts";
import type { MessageFrame } from "./message-frame.ts";

/** A confirmation link works this long (rule 3.13: 3 to 7 days). */
const CONFIRM_LINK_MS = 7 * 24 * 3_600_000;
/** A link that erases somebody works this long. */
const ERASE_LINK_MS = 3 * 24 * 3_600_000;

// Feedback-ID asks for a stable sender id of 5 to 15 characters (support.google.com/mail/answer/6254652).
const SENDER_ID = "themepost";

export type ComposedMessage =
  | { readonly kind: "composed"; readonly message: OutboundMessage }
  | { readonly kind: "unresolved"; readonly slot: string };

/** A member with the address of the letter's copy on the web, which is the same for everybody who gets that rendition. */
type Addressee = PinnedMember & { readonly readUrl: string };

/**
 * The message for one member, the same bytes every time: links are signed without a time of their own, and everything
 * that could change is pinned in the frame and the member.
 */
export async function outboundMessage(
  frame: MessageFrame,
  secret: string,
  member: Addressee,
  rendition: CompiledRendition,
): Promise<ComposedMessage> {
  const links = await signedLinks(frame, secret, member);
  const merged = mergeLetter(rendition, slotValues(member, links));
  if (merged.kind === "unresolved") return merged;
  const { subject, html, text } = merged;
  return {
    kind: "composed",
    message: {
      to: member.address,
      from: frame.from,
      replyTo: frame.replyTo,
      subject,
      html,
      text,
      headers: headers(frame, member, links.unsubscribe_url),
      tags: [
        { name: "delivery_id", value: `${frame.instance}-${member.id}` },
        { name: "kind", value: member.kind },
      ],
    },
  };
}

type Links = Partial<
  Record<"confirm_url" | "preferences_url" | "unsubscribe_url" | "read_url" | "erase_url", string>
>;

async function signedLinks(frame: MessageFrame, secret: string, member: Addressee): Promise<Links> {
  const url = async (purpose: Purpose, id: number, expiresAt: number | null) =>
    linkUrl(frame.publicUrl, purpose, await signLink(secret, { purpose, id, expiresAt }));
  if (member.kind === "confirmation") {
    return { confirm_url: await url("confirm", member.anchor, (member.requestedAt ?? 0) + CONFIRM_LINK_MS) };
  }
  if (member.kind === "notice") {
    return { erase_url: await url("erase", member.anchor, (member.requestedAt ?? 0) + ERASE_LINK_MS) };
  }
  const [preferences, unsubscribe] = await Promise.all([
    url("preferences", member.subscriberId, null),
    url("unsubscribe", member.id, null),
  ]);
  return { preferences_url: preferences, unsubscribe_url: unsubscribe, read_url: member.readUrl };
}

function slotValues(member: PinnedMember, links: Links): SlotValues {
  const greeting = member.firstName === "" ? "Hello," : `Dear ${member.firstName},`;
  if (member.kind !== "welcome" || member.timeZone === null) return { ...links, greeting };
  const date =
    member.nextDueAt === null
      ? "the first free day after you resume"
      : `${longDate(member.nextDueAt, member.timeZone)} at ${clockTime(member.nextDueAt, member.timeZone)}`;
  return { ...links, greeting, first_theme_date: date };
}

/**
 * A notice belongs to no list, and it and a confirmation have nothing to unsubscribe from. List-Unsubscribe: one https URI on one line under 200
 * characters (RFC 8058 section 3.1; rule 2.15).
 */
function headers(
  frame: MessageFrame,
  member: PinnedMember,
  unsubscribeUrl: string | undefined,
): Record<string, string> {
  const host = new URL(frame.publicUrl).hostname;
  const { sequenceSlug, sequenceTitle } = member;
  const list =
    sequenceSlug === null
      ? {}
      : { "List-Id": `${asciiPhrase(sequenceTitle ?? "")} <${sequenceSlug}.${host}>` };
  const common = {
    ...list,
    "X-Auto-Response-Suppress": "OOF, AutoReply",
    "Feedback-ID": `${member.stepSlug ?? "none"}:${sequenceSlug ?? "account"}:${member.kind}:${SENDER_ID}`,
  };
  if (unsubscribeUrl === undefined) return { ...common, "Auto-Submitted": "auto-generated" };
  return {
    ...common,
    "List-Unsubscribe": `<${unsubscribeUrl}>`,
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
