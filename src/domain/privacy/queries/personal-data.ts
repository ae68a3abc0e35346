import { and, desc, eq, isNotNull, sql } from "drizzle-orm";
import { batch } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import {
  consents,
  enrollments,
  erasures,
  optOuts,
  readerChanges,
  sequences,
  steps,
  subscribers,
} from "../../../platform/db/schema/index.ts";

/**
 * What is stored of a person outside the mail that was sent (queries/person.ts) and the records of consent
 * (signup/queries/consent-records.ts), with the titles of letters by step; all in one batch. `person` null for nobody.
 */
export async function readStored(db: Db, subscriberId: number) {
  const { people, titles, ...stored } = await batch(db, statements(db, subscriberId));
  return {
    ...stored,
    person: people[0] ?? null,
    titles: new Map(titles.map(({ slug, title }) => [slug, title])),
  };
}

function statements(db: Db, subscriberId: number) {
  const own = eq(enrollments.subscriberId, subscriberId);
  return {
    people: db
      .select({
        firstName: subscribers.firstName,
        ageBand: subscribers.ageBand,
        addressHash: subscribers.addressHash,
        createdAt: subscribers.createdAt,
        confirmedAt: subscribers.confirmedAt,
        unsubscribedAt: subscribers.unsubscribedAt,
      })
      .from(subscribers)
      .where(eq(subscribers.id, subscriberId)),
    enrollments: db
      .select({
        sequence: sequences.slug,
        title: sequences.title,
        state: enrollments.state,
        weekday: enrollments.weekday,
        hour: enrollments.hour,
        timeZone: enrollments.timeZone,
        everyWeeks: enrollments.everyWeeks,
        nextDueAt: enrollments.nextDueAt,
        notBefore: enrollments.notBefore,
        pauseUntil: enrollments.pauseUntil,
        resumeAt: enrollments.resumeAt,
        enrolledAt: enrollments.enrolledAt,
        returnedAt: enrollments.returnedAt,
      })
      .from(enrollments)
      .innerJoin(sequences, eq(sequences.id, enrollments.sequenceId))
      .where(own)
      .orderBy(enrollments.id),
    changes: db
      .select({
        at: readerChanges.at,
        kind: readerChanges.kind,
        was: readerChanges.was,
        became: readerChanges.became,
      })
      .from(readerChanges)
      .where(eq(readerChanges.subscriberId, subscriberId))
      .orderBy(desc(readerChanges.id))
      .limit(500),
    said: db
      .select({ said: sql<string>`${optOuts.said}`.as("said"), at: optOuts.at })
      .from(optOuts)
      .innerJoin(subscribers, eq(subscribers.addressHash, optOuts.addressHash))
      .where(and(eq(subscribers.id, subscriberId), isNotNull(optOuts.said)))
      .orderBy(optOuts.id),
    erasures: db
      .select({ askedAt: erasures.askedAt, confirmedAt: erasures.confirmedAt })
      .from(erasures)
      .where(eq(erasures.subscriberId, subscriberId))
      .orderBy(erasures.id),
    consentDetails: db
      .select({
        consentId: consents.id,
        firstName: consents.firstName,
        timeZone: consents.timeZone,
        foldedHash: consents.foldedHash,
        deniedAt: consents.deniedAt,
      })
      .from(consents)
      .where(eq(consents.subscriberId, subscriberId))
      .orderBy(consents.id),
    titles: db
      .select({ slug: steps.slug, title: steps.title })
      .from(steps)
      .innerJoin(enrollments, eq(enrollments.sequenceId, steps.sequenceId))
      .where(own),
  };
}
