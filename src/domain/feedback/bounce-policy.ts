import { WEEK_MS } from "../../platform/calendar/durations.ts";

/** What Resend tells of a bounce (its API description, WebhookEventBounce). */
export type Bounce = {
  readonly type: string;
  readonly subType: string;
  readonly message: string;
  readonly diagnosticCode: readonly string[];
};

/**
 * What a bounce is about:
 * - hard: the address does not exist; never mail it again.
 * - soft: the mailbox is full or the server had a bad day; three weeks of it suspend the address.
 * - about_us: the receiver refuses our mail, not this address (policy, reputation, content); never suppress, tell the owner.
 */
export type BounceClass = "hard" | "soft" | "about_us";

// RFC 3463: class, subject, detail.
const ENHANCED_CODE = /\b([245])\.(\d{1,3})\.(\d{1,3})\b/;

const ABOUT_US_SUB_TYPES = new Set(["MessageTooLarge", "ContentRejected", "AttachmentRejected"]);

/**
 * Sorts a bounce by its enhanced status code where there is one, else by the provider's own words (rule 6.26). `code` is the
 * code or the words, for the ledger.
 */
export function classifyBounce(bounce: Bounce): { readonly class: BounceClass; readonly code: string } {
  const match = ENHANCED_CODE.exec([...bounce.diagnosticCode, bounce.message].join(" "));
  if (match !== null) {
    const [code, kind, subject, detail] = match;
    return { class: classOfCode(kind ?? "", Number(subject), Number(detail)), code };
  }
  const code = `${bounce.type}/${bounce.subType}`.slice(0, 60);
  if (ABOUT_US_SUB_TYPES.has(bounce.subType)) return { class: "about_us", code };
  const hard =
    bounce.subType === "NoEmail" || (bounce.type === "Permanent" && bounce.subType !== "MailboxFull");
  return { class: hard ? "hard" : "soft", code };
}

/** RFC 3463 sections 3.2 to 3.8: 1 is the address, 2 the mailbox, 3 the mail system, 4 the network, 5 the protocol, 6 content, 7 policy. */
function classOfCode(kind: string, subject: number, detail: number): BounceClass {
  if (subject === 7 || subject === 6 || subject === 5) return kind === "5" ? "about_us" : "soft";
  if (kind !== "5") return "soft";
  // 5.1.7 and 5.1.8 blame the sender's address. 5.1.10 is a null MX (RFC 7505 section 4.1).
  if (subject === 1) return detail === 7 || detail === 8 ? "about_us" : "hard";
  // 5.2.1: the mailbox is disabled. 5.2.2 full, 5.2.3 too long for it.
  if (subject === 2) return detail === 1 ? "hard" : "soft";
  // 5.4.4: the domain has no host to take mail.
  if (subject === 4 && detail === 4) return "hard";
  return "soft";
}

/** Soft bounces in this many distinct weeks, with nothing delivered since the first of them, suspend an address (rule 6.27). */
const SOFT_WEEKS = 3;

/**
 * Whether soft bounces at these instants suspend an address, given when a letter to it was delivered last (null: never).
 * The order in which the events came does not matter.
 */
export function suspends(softBouncesAt: readonly number[], lastDeliveredAt: number | null): boolean {
  const since = softBouncesAt.filter((at) => at > (lastDeliveredAt ?? Number.NEGATIVE_INFINITY));
  return new Set(since.map((at) => Math.floor(at / WEEK_MS))).size >= SOFT_WEEKS;
}

/** So many hard bounces at one receiver in a day, and so many times its busiest day before, are a storm, not dead addresses. */
const STORM_MIN = 20;
const STORM_FACTOR = 5;

/**
 * Whether today's hard bounces at a receiving domain look like a fault of the receiver (rule 6.28). `busiestBefore` is the
 * highest count of a day in the four weeks before.
 */
export function isStorm(today: number, busiestBefore: number): boolean {
  return today >= STORM_MIN && today > STORM_FACTOR * Math.max(busiestBefore, 1);
}
