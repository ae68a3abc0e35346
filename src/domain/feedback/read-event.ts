import * as z from "zod";
import { withoutAddresses } from "../sending/match-answer.ts";
import { PROBE_TAG } from "../sending/probe.ts";
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
  /** About a probe of ours (sending/probe.ts), by its id. */
  | { readonly kind: "probe"; readonly id: string; readonly what: FeedbackKind | "sent"; readonly at: number }
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
/** What isn't needed never refuses: what's odd about it counts as not said. */
const details = <Shape extends z.ZodObject>(shape: Shape) => shape.nullish().catch(undefined);

const envelope = z.object({
  type: z.string(),
  created_at: z.unknown(),
  data: z.unknown(),
});
const emailData = z.object({
  email_id: z.string().min(1).max(100),
  created_at: z.unknown(),
  to: z
    .union([
      z.string().transform((one) => [one]),
      z.array(z.unknown()).transform((all) => all.filter((to) => typeof to === "string")),
    ])
    .catch([]),
  tags: z.unknown().transform(tagsOf),
  bounce: details(
    z.object({
      type: text,
      subType: text,
      message: text,
      diagnosticCode: z.union([z.string().transform((one) => [one]), z.array(text)]).catch([]),
    }),
  ),
  failed: details(z.object({ reason: text })),
  suppressed: details(z.object({ reason: text })),
});

/** Tags by name, as an object or as a list of names and values. */
function tagsOf(tags: unknown): ReadonlyMap<string, unknown> {
  if (Array.isArray(tags))
    return new Map(
      tags.flatMap((tag) => (typeof tag?.name === "string" ? [[tag.name, tag.value] as const] : [])),
    );
  return new Map(typeof tags === "object" && tags !== null ? Object.entries(tags) : []);
}

/** An instant as the provider writes it: ISO 8601, or with a blank and a short offset, as in older events. */
function instantOf(value: unknown): number | null {
  if (typeof value !== "string" || value.length > 40) return null;
  const iso = value
    .replace(" ", "T")
    .replace(/(\.\d{3})\d+/, "$1")
    .replace(/([+-]\d\d)$/, "$1:00");
  const at = Date.parse(iso);
  return Number.isNaN(at) ? null : at;
}

const PROBE = /^([a-z0-9]{1,20})-([\w-]{8,64})$/;
const TAG = /^([a-z0-9]{1,20})-([1-9]\d{0,14})$/;

/**
 * Reads a verified webhook body (Resend's API description, WebhookEvent…). `instance` is ours; an event that tells no time happened when it
 * came.
 */
export function readEvent(body: unknown, instance: string, receivedAt: number): EventReading {
  const outer = envelope.safeParse(body);
  if (!outer.success) return { kind: "unreadable" };
  const kind = KINDS[outer.data.type];
  if (kind === undefined) return { kind: "ignored", why: "type" };
  const inner = emailData.safeParse(outer.data.data);
  if (!inner.success) return { kind: "unreadable" };
  const { data } = inner;
  const at = instantOf(outer.data.created_at) ?? instantOf(data.created_at) ?? receivedAt;
  const probe = PROBE.exec(String(data.tags.get(PROBE_TAG) ?? ""));
  if (probe !== null && probe[1] === instance) return { kind: "probe", id: probe[2] ?? "", what: kind, at };
  const tag = TAG.exec(String(data.tags.get("delivery_id") ?? ""));
  if (tag === null) return { kind: "ignored", why: "no_tag" };
  if (tag[1] !== instance) return { kind: "ignored", why: "instance" };
  const bounce = kind === "bounced" ? classifyBounce(data.bounce ?? NO_DETAILS) : null;
  return {
    kind: "letter",
    event: {
      deliveryId: Number(tag[2]),
      providerId: data.email_id,
      at,
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
