import { desc, eq } from "drizzle-orm";
import { batch } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import {
  consents,
  consentsPersonal,
  enrollments,
  enrollmentsPersonal,
  erasures,
  erasuresPersonal,
  feedbackEvents,
  feedbackEventsPersonal,
  optOuts,
  optOutsPersonal,
  readerChanges,
  readerChangesPersonal,
  readerTags,
  readerTagsPersonal,
  sequences,
  steps,
  subscribers,
  subscribersPersonal,
  suppressions,
  suppressionsPersonal,
  tags,
} from "../../../platform/db/schema/index.ts";
import { exportedColumns } from "../../../platform/db/schema/personal.ts";

/**
 * What the schema says that a person is given (platform/db/schema/personal.ts), outside the mail that was sent (queries/person.ts) and what
 * other tables add to the records of consent (signup/queries/consent-records.ts); with the titles of letters by step, all in one
 * batch. `person` null for nobody.
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
      .select(exportedColumns(subscribersPersonal))
      .from(subscribers)
      .where(eq(subscribers.id, subscriberId)),
    suppressions: db
      .select(exportedColumns(suppressionsPersonal))
      .from(suppressions)
      .innerJoin(subscribers, eq(subscribers.addressHash, suppressions.addressHash))
      .where(eq(subscribers.id, subscriberId)),
    enrollments: db
      .select({ sequence: sequences.slug, title: sequences.title, ...exportedColumns(enrollmentsPersonal) })
      .from(enrollments)
      .innerJoin(sequences, eq(sequences.id, enrollments.sequenceId))
      .where(own)
      .orderBy(enrollments.id),
    changes: db
      .select(exportedColumns(readerChangesPersonal))
      .from(readerChanges)
      .where(eq(readerChanges.subscriberId, subscriberId))
      .orderBy(desc(readerChanges.id))
      .limit(500),
    tags: db
      .select({ tag: tags.name, ...exportedColumns(readerTagsPersonal) })
      .from(readerTags)
      .innerJoin(tags, eq(tags.id, readerTags.tagId))
      .where(eq(readerTags.subscriberId, subscriberId)),
    reports: db
      .select(exportedColumns(feedbackEventsPersonal))
      .from(feedbackEvents)
      .where(eq(feedbackEvents.subscriberId, subscriberId))
      .orderBy(feedbackEvents.at),
    optOuts: db
      .select({ sequence: sequences.slug, ...exportedColumns(optOutsPersonal) })
      .from(optOuts)
      .innerJoin(subscribers, eq(subscribers.addressHash, optOuts.addressHash))
      .leftJoin(sequences, eq(sequences.id, optOuts.sequenceId))
      .where(eq(subscribers.id, subscriberId))
      .orderBy(optOuts.id),
    erasures: db
      .select(exportedColumns(erasuresPersonal))
      .from(erasures)
      .where(eq(erasures.subscriberId, subscriberId))
      .orderBy(erasures.id),
    consentDetails: db
      .select({ consentId: consents.id, ...exportedColumns(consentsPersonal) })
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
