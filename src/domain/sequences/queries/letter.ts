import { and, eq, ne, sql } from "drizzle-orm";
import type { Db } from "../../../platform/db/client.ts";
import { enrollments, sequences, subscribers } from "../../../platform/db/schema/index.ts";
import type { Language } from "../../../platform/texts/languages.ts";
import type { Kinds } from "../../ledger/kind.ts";
import { findDelivery } from "../../ledger/queries/person.ts";
import type { SubscriberState } from "../../people/subscriber-state.ts";
import { leftSince } from "./stop.ts";

/** Whose letter an unsubscribe link came with, and the sequence that leaving by it stops. */
export type LetterView = {
  readonly subscriberId: number;
  readonly address: string;
  readonly enrollmentId: number;
  readonly sequenceTitle: string;
  readonly subscriberState: SubscriberState;
  readonly language: Language;
  /** Whether the sequence was left, and not taken up again since. */
  readonly left: boolean;
  /** Titles of the other sequences that still go on. */
  readonly others: readonly string[];
};

/** The letter behind an unsubscribe link; null when there is none, or its kind stops no sequence. */
export async function readLetter(db: Db, kinds: Kinds, deliveryId: number): Promise<LetterView | null> {
  const delivery = await findDelivery(db, deliveryId);
  if (delivery === null) return null;
  const leaving = kinds.of(delivery.kind).leaving(delivery);
  switch (leaving.stops) {
    case "nothing":
      return null;
    case "sequence":
      return readLeft(db, leaving.enrollmentId);
  }
}

/** The same for an enrollment, as the page after leaving tells of it; null when there is none. */
export async function readLeft(db: Db, enrollmentId: number): Promise<LetterView | null> {
  const [own] = await db
    .select({
      subscriberId: subscribers.id,
      address: subscribers.address,
      subscriberState: subscribers.state,
      language: subscribers.language,
      enrollmentId: enrollments.id,
      sequenceTitle: sequences.title,
      left: sql<
        0 | 1
      >`(${enrollments.state} = 'stopped' or ${enrollments.state} = 'completed' and ${leftSince})`,
    })
    .from(enrollments)
    .innerJoin(subscribers, eq(subscribers.id, enrollments.subscriberId))
    .innerJoin(sequences, eq(sequences.id, enrollments.sequenceId))
    .where(eq(enrollments.id, enrollmentId));
  if (own === undefined) return null;
  const others = await db
    .select({ title: sequences.title })
    .from(enrollments)
    .innerJoin(sequences, eq(sequences.id, enrollments.sequenceId))
    .where(
      and(
        eq(enrollments.subscriberId, own.subscriberId),
        ne(enrollments.id, enrollmentId),
        sql`${enrollments.state} in ('active', 'paused')`,
      ),
    );
  return { ...own, left: own.left === 1, others: others.map(({ title }) => title) };
}
