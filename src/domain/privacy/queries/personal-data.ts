import { sql } from "drizzle-orm";
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
import type { AgeBand } from "../../people/age-band.ts";

/** What is stored of a person outside the mail that was sent (delivery/queries/timeline.ts) and the consents (signup/proof-queries.ts). */
type StoredPerson = {
  readonly firstName: string;
  readonly ageBand: AgeBand | null;
  readonly addressHash: string;
  readonly createdAt: number;
  readonly confirmedAt: number | null;
  readonly unsubscribedAt: number | null;
};

/** An enrollment as it is stored, with the sequence's title. */
type StoredEnrollment = {
  readonly sequence: string;
  readonly title: string;
  readonly state: string;
  readonly weekday: number;
  readonly hour: number;
  readonly timeZone: string;
  readonly everyWeeks: number;
  readonly nextDueAt: number | null;
  readonly notBefore: number | null;
  readonly pauseUntil: string | null;
  readonly resumeAt: number | null;
  readonly enrolledAt: number;
  readonly returnedAt: number | null;
};

/** Something that the reader changed. */
type StoredChange = {
  readonly at: number;
  readonly kind: string;
  readonly was: string;
  readonly became: string;
};

/** The titles of letters by delivery, and the rest of what is stored of a person; all in one batch. */
export async function readStored(db: Db, subscriberId: number) {
  const results = await batch(db, [
    sql`
      select first_name as firstName, age_band as ageBand, address_hash as addressHash, created_at as createdAt,
        confirmed_at as confirmedAt, unsubscribed_at as unsubscribedAt
      from ${subscribers} where id = ${subscriberId}`,
    sql`
      select q.slug as sequence, q.title as title, e.state as state, e.weekday as weekday, e.hour as hour,
        e.time_zone as timeZone, e.every_weeks as everyWeeks, e.next_due_at as nextDueAt, e.not_before as notBefore,
        e.pause_until as pauseUntil, e.resume_at as resumeAt, e.enrolled_at as enrolledAt, e.returned_at as returnedAt
      from ${enrollments} e join ${sequences} q on q.id = e.sequence_id where e.subscriber_id = ${subscriberId} order by e.id`,
    sql`
      select at, kind, was, became from ${readerChanges} where subscriber_id = ${subscriberId} order by id desc limit 500`,
    sql`
      select o.said as said, o.at as at from ${optOuts} o join ${subscribers} s on s.address_hash = o.address_hash
      where s.id = ${subscriberId} and o.said is not null order by o.id`,
    sql`
      select asked_at as askedAt, confirmed_at as confirmedAt from ${erasures} where subscriber_id = ${subscriberId} order by id`,
    sql`
      select id as consentId, first_name as firstName, time_zone as timeZone, folded_hash as foldedHash, denied_at as deniedAt
      from ${consents} where subscriber_id = ${subscriberId} order by id`,
    sql`
      select t.slug as slug, t.title as title from ${steps} t
      where t.sequence_id in (select e.sequence_id from ${enrollments} e where e.subscriber_id = ${subscriberId})`,
  ]);
  const [person] = results[0] as StoredPerson[];
  return {
    person: person ?? null,
    enrollments: results[1] as StoredEnrollment[],
    changes: results[2] as StoredChange[],
    said: results[3] as Array<{ readonly said: string; readonly at: number }>,
    erasures: results[4] as Array<{ readonly askedAt: number; readonly confirmedAt: number | null }>,
    consentDetails: results[5] as Array<Readonly<Record<string, unknown>> & { readonly consentId: number }>,
    titles: new Map(
      (results[6] as Array<{ slug: string; title: string }>).map((step) => [step.slug, step.title]),
    ),
  };
}
