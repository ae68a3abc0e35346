import { sql } from "drizzle-orm";
import type { Db } from "../../../platform/db/client.ts";
import type { SubscriberState } from "../../people/subscriber-state.ts";
import type { LeaveReason } from "../leaving.ts";

/** Whose letter an unsubscribe link came with; `enrollmentId` null where the letter belongs to no sequence. */
export type LetterView = {
  readonly subscriberId: number;
  readonly address: string;
  readonly enrollmentId: number | null;
  readonly sequenceTitle: string | null;
  readonly subscriberState: SubscriberState;
  /** Whether the sequence was left, and not taken up again since. */
  readonly left: 0 | 1;
  /** Titles of the other sequences that still go on. */
  readonly others: readonly string[];
};

/** The letter behind an unsubscribe link; null when there is none. */
export async function readLetter(db: Db, deliveryId: number): Promise<LetterView | null> {
  const row = await db.get<Omit<LetterView, "others"> & { readonly others: string }>(sql`
    select s.id as subscriberId, s.address as address, e.id as enrollmentId,
      s.state as subscriberState,
      e.id is not null and (e.state = 'stopped' or e.state = 'completed' and exists (select 1 from opt_outs o
        where o.address_hash = s.address_hash and o.kind = 'stopped' and o.sequence_id = e.sequence_id
          and o.at >= max(e.enrolled_at, coalesce(e.returned_at, 0)))) as left,
      q.title as sequenceTitle,
      (select json_group_array(oq.title) from enrollments o join sequences oq on oq.id = o.sequence_id
        where o.subscriber_id = s.id and o.state in ('active', 'paused') and o.id is not e.id) as others
    from deliveries d join subscribers s on s.id = d.recipient_id
      left join deliveries r on d.kind = 'repeat' and r.id = d.anchor
      left join enrollments e on coalesce(r.kind, d.kind) in ('theme', 'welcome')
        and e.id = coalesce(r.anchor, d.anchor)
      left join sequences q on q.id = e.sequence_id
    where d.id = ${deliveryId}`);
  return row === undefined ? null : { ...row, others: JSON.parse(row.others) as string[] };
}

/**
 * Notes why somebody left, with their last own opt-out since `since`; another answer replaces it. False where there is none. The
 * answer stands with the HMAC of the address only.
 */
export async function noteLeaveReason(
  db: Db,
  note: { readonly subscriberId: number; readonly reason: LeaveReason; readonly since: number },
): Promise<boolean> {
  const rows = await db.all(sql`
    update opt_outs set said = ${note.reason} where id = (
      select max(o.id) from opt_outs o join subscribers s on s.address_hash = o.address_hash
      where s.id = ${note.subscriberId} and o.kind in ('stopped', 'unsubscribed') and o.at > ${note.since}
        and o.reason in ('one_click', 'unsubscribe_link', 'preferences'))
    returning id`);
  return rows.length > 0;
}

/** What people said about leaving since `since`, by reason, and how many left without a word. */
export function countLeaveReasons(
  db: Db,
  since: number,
): Promise<Array<{ readonly reason: LeaveReason | null; readonly people: number }>> {
  return db.all(sql`
    select said as reason, count(distinct address_hash) as people from opt_outs
    where at > ${since} and kind in ('stopped', 'unsubscribed')
      and reason in ('one_click', 'unsubscribe_link', 'preferences')
      and (said is not null or address_hash not in (
        select address_hash from opt_outs o where o.said is not null and o.at > ${since}))
    group by said order by people desc, said`);
}
