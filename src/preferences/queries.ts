import { sql } from "drizzle-orm";
import type { Slot } from "../calendar/slot.ts";
import { batch } from "../db/batch.ts";
import type { Db } from "../db/client.ts";

/** An enrollment as its reader sees it. `lastSlotAt` is the slot of the last theme that was not skipped. */
export type EnrollmentView = {
  readonly enrollmentId: number;
  readonly sequenceTitle: string;
  readonly state: "active" | "paused" | "stopped" | "completed";
  readonly weekday: number;
  readonly hour: number;
  readonly timeZone: string;
  readonly nextDueAt: number | null;
  readonly lastSlotAt: number | null;
  readonly enrolledAt: number;
  /** How many themes of the sequence (drafts included) this reader has not had. */
  readonly lacking: number;
};

export type ReaderView = {
  readonly subscriberId: number;
  readonly address: string;
  readonly state: "pending" | "active" | "unsubscribed";
  readonly enrollments: readonly EnrollmentView[];
};

/** A subscriber with all enrollments; null when there is no such subscriber. */
export async function readReader(db: Db, subscriberId: number): Promise<ReaderView | null> {
  const [people, enrollments] = await batch(db, [
    sql`
      select id as subscriberId, address, state from subscribers where id = ${subscriberId}`,
    sql`
      select e.id as enrollmentId, q.title as sequenceTitle, e.state as state, e.weekday as weekday, e.hour as hour,
        e.time_zone as timeZone, e.next_due_at as nextDueAt,
        (select max(d.slot_at) from deliveries d where d.kind = 'theme' and d.owner = e.id and d.item is not null)
          as lastSlotAt,
        e.enrolled_at as enrolledAt,
        (select count(*) from steps t where t.sequence_id = e.sequence_id and t.archived_at is null and not exists (
          select 1 from deliveries d where d.kind = 'theme' and d.owner = e.id and d.round = e.round and d.item = t.id))
          as lacking
      from enrollments e join sequences q on q.id = e.sequence_id
      where e.subscriber_id = ${subscriberId} order by e.id`,
  ]);
  const [person] = people as Omit<ReaderView, "enrollments">[];
  return person === undefined ? null : { ...person, enrollments: enrollments as EnrollmentView[] };
}

/**
 * Sets slot, state and next slot of an enrollment where it still stands as it was read (`was`). False where a tick or
 * another page was faster: read again and decide again.
 */
export async function rescheduleEnrollment(
  db: Db,
  was: EnrollmentView,
  become: { readonly state: "active" | "paused"; readonly slot: Slot; readonly nextDueAt: number | null },
): Promise<boolean> {
  const rows = await db.all<{ id: number }>(sql`
    update enrollments set state = ${become.state}, weekday = ${become.slot.weekday}, hour = ${become.slot.hour},
      time_zone = ${become.slot.timeZone}, next_due_at = ${become.nextDueAt}
    where id = ${was.enrollmentId} and state = ${was.state} and next_due_at is ${was.nextDueAt}
    returning id`);
  return rows.length === 1;
}

/** Whose letter an unsubscribe link came with; `enrollmentId` null where the letter belongs to no sequence. */
export type LetterView = {
  readonly subscriberId: number;
  readonly address: string;
  readonly enrollmentId: number | null;
  readonly sequenceTitle: string | null;
  readonly enrollmentState: EnrollmentView["state"] | null;
  readonly subscriberState: ReaderView["state"];
  /** Titles of the other sequences that still go on. */
  readonly others: readonly string[];
};

/** The letter behind an unsubscribe link; null when there is none. */
export async function readLetter(db: Db, deliveryId: number): Promise<LetterView | null> {
  const row = await db.get<Omit<LetterView, "others"> & { readonly others: string }>(sql`
    select s.id as subscriberId, s.address as address, e.id as enrollmentId, e.state as enrollmentState,
      s.state as subscriberState,
      q.title as sequenceTitle,
      (select json_group_array(oq.title) from enrollments o join sequences oq on oq.id = o.sequence_id
        where o.subscriber_id = s.id and o.state in ('active', 'paused') and o.id is not e.id) as others
    from deliveries d join subscribers s on s.id = d.subscriber_id
      left join deliveries r on d.kind = 'repeat' and r.id = d.owner
      left join enrollments e on coalesce(r.kind, d.kind) in ('theme', 'welcome')
        and e.id = coalesce(r.owner, d.owner)
      left join sequences q on q.id = e.sequence_id
    where d.id = ${deliveryId}`);
  return row === undefined ? null : { ...row, others: JSON.parse(row.others) as string[] };
}
