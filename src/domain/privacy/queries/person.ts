import { desc, eq, sql } from "drizzle-orm";
import { type ResultOf, readAsOne } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import {
  enrollments,
  feedbackEvents,
  optOuts,
  readerChanges,
  sequences,
  subscribers,
  suppressions,
} from "../../../platform/db/schema/index.ts";
import type { Kinds } from "../../ledger/kind.ts";
import { lettersOf } from "../../ledger/queries/person.ts";
import { listedColumns } from "../../people/queries/find-people.ts";
import { isSuppressed } from "../../people/queries/standing.ts";
import { tagsOf } from "../../people/queries/tags.ts";
import { sequencePlans } from "../../sequences/queries/sequences.ts";
import { ledgerOf } from "../../sequences/queries/themes.ts";
import { consentRecords } from "../../signup/queries/consent-records.ts";

/** Whoever has a letter's link can make any number. */
const CHANGES_SHOWN = 500;

/** A person with everything that happened to their mail, as it is stored. */
export type Person = ResultOf<ReturnType<typeof statements>["people"]>[number];

/** An enrollment with its unskipped themes. */
export type EnrollmentRow = ResultOf<ReturnType<typeof statements>["enrollments"]>[number];

/** Everything of one person's mail in one statement; null when there is no such subscriber. */
export async function readPerson(db: Db, kinds: Kinds, subscriberId: number, now: number) {
  const { people, ...rest } = await readAsOne(db, statements(db, kinds, subscriberId, now));
  const [person] = people;
  if (person === undefined) return null;
  return { person, ...rest };
}

function statements(db: Db, kinds: Kinds, subscriberId: number, now: number) {
  return {
    people: db
      .select({
        ...listedColumns,
        subscriberId: sql<number>`${subscribers.id}`.as("subscriber_id"),
        revision: subscribers.revision,
        broadcasts: subscribers.broadcasts,
        suppression: suppressions.reason,
        suppressedAt: suppressions.at,
        suppressedUntil: suppressions.until,
      })
      .from(subscribers)
      .leftJoin(suppressions, isSuppressed(now))
      .where(eq(subscribers.id, subscriberId)),
    consents: consentRecords(db, subscriberId),
    steps: sequencePlans(db),
    tags: tagsOf(db, subscriberId),
    enrollments: db
      .select({
        enrollmentId: enrollments.id,
        sequence: sequences.slug,
        sequenceId: enrollments.sequenceId,
        round: enrollments.round,
        state: enrollments.state,
        weekday: enrollments.weekday,
        hour: enrollments.hour,
        timeZone: enrollments.timeZone,
        everyWeeks: enrollments.everyWeeks,
        nextDueAt: enrollments.nextDueAt,
        /** When letters come again after a pause that ends by itself. */
        resumeAt: enrollments.resumeAt,
        pauseUntil: enrollments.pauseUntil,
        title: sequences.title,
        ledger: ledgerOf(sql`${enrollments.id}`).as("ledger"),
      })
      .from(enrollments)
      .innerJoin(sequences, eq(sequences.id, enrollments.sequenceId))
      .where(eq(enrollments.subscriberId, subscriberId))
      .orderBy(enrollments.id),
    letters: lettersOf(db, kinds, subscriberId),
    feedback: db
      .select({
        kind: feedbackEvents.kind,
        reason:
          sql<string>`ltrim(coalesce(${feedbackEvents.bounceClass}, '') || ' ' || ${feedbackEvents.reason})`.as(
            "said",
          ),
        at: feedbackEvents.at,
      })
      .from(feedbackEvents)
      .where(eq(feedbackEvents.subscriberId, subscriberId))
      .orderBy(feedbackEvents.at),
    changes: db
      .select({
        changeId: readerChanges.id,
        kind: readerChanges.kind,
        by: readerChanges.by,
        sequence: sequences.slug,
        at: readerChanges.at,
      })
      .from(readerChanges)
      .leftJoin(enrollments, eq(enrollments.id, readerChanges.enrollmentId))
      .leftJoin(sequences, eq(sequences.id, enrollments.sequenceId))
      .where(eq(readerChanges.subscriberId, subscriberId))
      .orderBy(desc(readerChanges.id))
      .limit(CHANGES_SHOWN),
    optOuts: db
      .select({ kind: optOuts.kind, sequence: sequences.slug, reason: optOuts.reason, at: optOuts.at })
      .from(optOuts)
      .innerJoin(subscribers, eq(subscribers.addressHash, optOuts.addressHash))
      .leftJoin(sequences, eq(sequences.id, optOuts.sequenceId))
      .where(eq(subscribers.id, subscriberId))
      .orderBy(optOuts.id),
  };
}
