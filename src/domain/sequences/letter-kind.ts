import { type SQL, sql } from "drizzle-orm";
import { enrollments, type PinnedMember, sequences } from "../../platform/db/schema/index.ts";
import type { Purpose } from "../../platform/links/token.ts";
import type { Anchors, MessageParts } from "../ledger/kind.ts";

/** What the letters of a sequence have in common: the links of their footer, and the list that they belong to. */
export function letterParts(
  member: PinnedMember<{
    readonly sequenceSlug: string | null;
    readonly sequenceTitle: string | null;
    /** The reader's when the letter was composed. Attempts from before there were any have none. */
    readonly linkGeneration?: number;
  }>,
): MessageParts {
  const { id, recipientId, renditionId, details } = member;
  const link = (slot: string, purpose: Purpose, of: number, generation = 0) => ({
    slot,
    purpose,
    id: of,
    expiresAt: null,
    generation,
  });
  return {
    links: [
      link("preferences_url", "preferences", recipientId, details.linkGeneration),
      link("unsubscribe_url", "unsubscribe", id),
      link("read_url", "read", renditionId),
    ],
    subjectMark: "",
    oneClick: "unsubscribe_url",
    texts: {},
    list:
      details.sequenceSlug === null
        ? null
        : { slug: details.sequenceSlug, title: details.sequenceTitle ?? "" },
    stream: `none:${details.sequenceSlug ?? "account"}`,
  };
}

/** A subscriber's enrollments, on which the letters of their sequences hang. */
export function enrollmentsOf(subscriberId: SQL): Anchors {
  return {
    anchor: sql`${enrollments.id}`,
    sequence: sql`${sequences.slug}`,
    from: sql`${enrollments} join ${sequences} on ${sequences.id} = ${enrollments.sequenceId}
      where ${enrollments.subscriberId} = ${subscriberId}`,
  };
}

/** Condition: the enrollment is there and is that subscriber's. */
export function isEnrollmentOf(anchor: SQL, subscriberId: SQL): SQL {
  return sql`exists (select 1 from ${enrollments} where ${enrollments.id} = ${anchor}
    and ${enrollments.subscriberId} = ${subscriberId})`;
}
