import { and, eq, ne, type SQL, sql } from "drizzle-orm";
import type { Db } from "../../../platform/db/client.ts";
import { enrollments, sequences, subscribers } from "../../../platform/db/schema/index.ts";
import type { Language } from "../../../platform/texts/languages.ts";
import type { Kinds } from "../../ledger/kind.ts";
import { findDelivery } from "../../ledger/queries/person.ts";
import type { SubscriberState } from "../../people/subscriber-state.ts";
import { leftSince } from "./stop.ts";

/** Whose letter an unsubscribe link came with, and what leaving by it stops: a sequence, or (both null) the broadcasts. */
export type LetterView = {
  readonly subscriberId: number;
  readonly address: string;
  readonly enrollmentId: number | null;
  readonly sequenceTitle: string | null;
  readonly subscriberState: SubscriberState;
  readonly language: Language;
  /** Whether it was left, and not taken up again since. */
  readonly left: boolean;
  /** Titles of the other sequences that still go on. */
  readonly others: readonly string[];
  /** Whether broadcasts still come besides. */
  readonly broadcasts: boolean;
};

/** The letter behind an unsubscribe link; null when there is none, or its kind stops nothing. */
export async function readLetter(db: Db, kinds: Kinds, deliveryId: number): Promise<LetterView | null> {
  const delivery = await findDelivery(db, deliveryId);
  if (delivery === null) return null;
  const leaving = kinds.of(delivery.kind).leaving(delivery);
  switch (leaving.stops) {
    case "nothing":
      return null;
    case "sequence":
      return readLeft(db, leaving.enrollmentId);
    case "broadcasts":
      return readWithoutBroadcasts(db, leaving.subscriberId);
  }
}

/** The same for an enrollment, as the page after leaving tells of it; null when there is none. */
export async function readLeft(
  db: Db,
  enrollmentId: number,
): Promise<(LetterView & { readonly enrollmentId: number }) | null> {
  const [own] = await db
    .select({
      subscriberId: subscribers.id,
      address: subscribers.address,
      subscriberState: subscribers.state,
      language: subscribers.language,
      broadcasts: subscribers.broadcasts,
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
  const others = await titlesOf(db, own.subscriberId, ne(enrollments.id, enrollmentId));
  const left = own.left === 1;
  // With the last sequence they stop, too, unless the reader keeps them.
  return { ...own, left, others, broadcasts: own.broadcasts && (left || others.length > 0) };
}

async function readWithoutBroadcasts(db: Db, subscriberId: number): Promise<LetterView | null> {
  const { address, language, broadcasts } = subscribers;
  const [own] = await db
    .select({
      subscriberId: subscribers.id,
      address,
      subscriberState: subscribers.state,
      language,
      broadcasts,
    })
    .from(subscribers)
    .where(eq(subscribers.id, subscriberId));
  if (own === undefined) return null;
  const others = await titlesOf(db, subscriberId);
  return {
    ...own,
    enrollmentId: null,
    sequenceTitle: null,
    left: !own.broadcasts,
    others,
    broadcasts: false,
  };
}

/** Titles of the sequences that go on for a reader. */
async function titlesOf(db: Db, subscriberId: number, but?: SQL): Promise<string[]> {
  const rows = await db
    .select({ title: sequences.title })
    .from(enrollments)
    .innerJoin(sequences, eq(sequences.id, enrollments.sequenceId))
    .where(
      and(eq(enrollments.subscriberId, subscriberId), sql`${enrollments.state} in ('active', 'paused')`, but),
    );
  return rows.map(({ title }) => title);
}
