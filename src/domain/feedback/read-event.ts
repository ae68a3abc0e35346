import * as z from "zod";
import { withoutAddresses } from "../sending/match-answer.ts";
import { type BounceClass, classifyBounce } from "./classify-bounce.ts";
import type { FeedbackKind } from "./rank-feedback.ts";

/** An event about a letter of ours, without anything personal but the receiving domain. */
export type LetterEvent = {
  readonly deliveryId: number;
  readonly providerId: string;
  /** Provider's time, epoch ms. */
  readonly at: number;
  readonly domain: string;
  /** `sent` only proves that the letter was accepted. */
  readonly kind: FeedbackKind | "sent";
  /** Code or cause; empty where the kind says all. */
  readonly reason: string;
  readonly bounceClass: BounceClass | null;
  /** Why the provider had the address on its own list. */
  readonly mirrored: "complaint" | "bounce" | null;
};

export type EventReading =
  | { readonly kind: "letter"; readonly event: LetterEvent }
  /** Of no concern: another type, another instance, mail that is not ours. */
  | { readonly kind: "ignored"; readonly why: "type" | "instance" | "no_tag" }
  | { readonly kind: "unreadable" };

const KINDS: Readonly<Record<string, LetterEvent["kind"]>> = {
  "email.sent": "sent",
  "email.opened": "delivered",
  "email.clicked": "delivered",
  "email.delivered": "delivered",
  "email.delivery_delayed": "delayed",
  "email.bounced": "bounced",
  "email.complained": "complained",
  "email.failed": "failed",
  "email.suppressed": "suppressed",
};

const text = z.string().catch("");
const envelope = z.object({
  type: z.string(),
  created_at: z.iso.datetime({ offset: true }),
  data: z.unknown(),
});
const emailData = z.object({
  email_id: z.string().min(1).max(100),
  to: z.array(z.string()).default([]),
  tags: z.record(z.string(), z.string()).default({}),
  bounce: z
    .object({ type: text, subType: text, message: text, diagnosticCode: z.array(z.string()).catch([]) })
    .optional(),
  failed: z.object({ reason: text }).optional(),
  suppressed: z.object({ reason: text }).optional(),
});

const TAG = /^([a-z0-9]{1,20})-([1-9]\d{0,14})$/;

/** Reads a verified webhook body (Resend's API description, WebhookEvent…). `instance` is ours. */
export function readEvent(body: unknown, instance: string): EventReading {
  const outer = envelope.safeParse(body);
  if (!outer.success) return { kind: "unreadable" };
  const kind = KINDS[outer.data.type];
  if (kind === undefined) return { kind: "ignored", why: "type" };
  const inner = emailData.safeParse(outer.data.data);
  if (!inner.success) return { kind: "unreadable" };
  const { data } = inner;
  const tag = TAG.exec(data.tags.delivery_id ?? "");
  if (tag === null) return { kind: "ignored", why: "no_tag" };
  if (tag[1] !== instance) return { kind: "ignored", why: "instance" };
  const bounce = kind === "bounced" ? classifyBounce(data.bounce ?? NO_DETAILS) : null;
  return {
    kind: "letter",
    event: {
      deliveryId: Number(tag[2]),
      providerId: data.email_id,
      at: Date.parse(outer.data.created_at),
      domain: (data.to[0]?.split("@").at(-1) ?? "").replace(/>$/, "").toLowerCase().slice(0, 255),
      kind,
      reason:
        bounce === null
          ? withoutAddresses(data.failed?.reason ?? data.suppressed?.reason ?? "").slice(0, 100)
          : `${bounce.code} ${bounce.cause}`,
      bounceClass: bounce?.class ?? null,
      mirrored: mirroredBy(kind, data.suppressed?.reason ?? ""),
    },
  };
}

// A bounce that says nothing is not held against the address.
const NO_DETAILS = { type: "Undetermined", subType: "Undetermined", message: "", diagnosticCode: [] };

/** What put an address on the provider's own list, where an event says that it is there; null for all other events. */
export function mirroredBy(kind: LetterEvent["kind"], reason: string): LetterEvent["mirrored"] {
  if (kind !== "suppressed") return null;
  return reason === "previous_complaint" ? "complaint" : "bounce";
}
