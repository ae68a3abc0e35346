import { sql } from "drizzle-orm";
import { batch } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import type { LedgerTheme } from "../../ledger/ledger-theme.ts";
import type { SubscriberState } from "../subscriber-state.ts";
import type { SuppressionReason } from "../suppression.ts";
import { inForce } from "./opting-out.ts";

/** A person with everything that happened to their mail, as it is stored. */
export type Person = {
  readonly subscriberId: number;
  readonly state: SubscriberState;
  readonly suppression: SuppressionReason | null;
  readonly suppressedAt: number | null;
  readonly suppressedUntil: number | null;
};

type LetterRow = {
  readonly deliveryId: number;
  readonly kind: string;
  readonly sequence: string | null;
  readonly step: string | null;
  readonly slotAt: number;
  readonly plannedAt: number;
  readonly state: string;
  readonly reason: string | null;
  readonly settledAt: number | null;
  readonly feedback: string | null;
  readonly feedbackAt: number | null;
};

export type EnrollmentRow = {
  readonly enrollmentId: number;
  readonly sequence: string;
  readonly sequenceId: number;
  readonly round: number;
  readonly state: "active" | "paused" | "stopped" | "completed";
  readonly weekday: number;
  readonly hour: number;
  readonly timeZone: string;
  readonly nextDueAt: number | null;
  /** When letters come again after a pause that ends by itself. */
  readonly resumeAt: number | null;
  readonly ledger: readonly LedgerTheme[];
};

/** Whoever has a letter's link can make any number. */
const CHANGES_SHOWN = 500;

/** The subscriber with this address key, or else whoever was erased under its HMAC; null when there is none. */
export async function findSubscriber(
  db: Db,
  address: { readonly key: string; readonly hash: string },
): Promise<{ readonly id: number; readonly state: SubscriberState } | null> {
  const row = await db.get<{ id: number; state: SubscriberState }>(sql`
    select id, state from subscribers where address_key = ${address.key}
      or address_hash = ${address.hash} and state = 'erased'
    order by state = 'erased', id desc limit 1`);
  return row ?? null;
}

/** Everything of one person's mail in one batch; null when there is no such subscriber. */
export async function readPerson(db: Db, subscriberId: number, now: number) {
  const results = await batch(db, [
    sql`
      select s.id as subscriberId, s.state as state, x.reason as suppression, x.at as suppressedAt, x.until as suppressedUntil
      from subscribers s left join suppressions x on x.address_hash = s.address_hash and ${inForce(now)}
      where s.id = ${subscriberId}`,
    sql`
      select q.slug as sequence, c.page as page, c.wording_version as wording, c.requested_at as requestedAt,
        c.confirmed_at as confirmedAt
      from consents c join sequences q on q.id = c.sequence_id where c.subscriber_id = ${subscriberId} order by c.id`,
    sql`
      select e.id as enrollmentId, q.slug as sequence, q.id as sequenceId, e.round as round, e.state as state,
        e.weekday as weekday, e.hour as hour, e.time_zone as timeZone, e.next_due_at as nextDueAt, e.resume_at as resumeAt,
        (select json_group_array(json_object('stepId', item, 'round', d.round, 'slotAt', slot_at, 'state', d.state))
          from deliveries d where d.kind = 'theme' and d.anchor = e.id and d.item is not null) as themes
      from enrollments e join sequences q on q.id = e.sequence_id where e.subscriber_id = ${subscriberId} order by e.id`,
    // By owner, because the ledger has no index on subscribers; repeats hang on the letters that they repeat.
    sql`
      with own(kind, anchor, slug) as (
        select 'confirmation', c.id, q.slug from consents c join sequences q on q.id = c.sequence_id
          where c.subscriber_id = ${subscriberId}
        union all select 'welcome', e.id, q.slug from enrollments e join sequences q on q.id = e.sequence_id
          where e.subscriber_id = ${subscriberId}
        union all select 'theme', e.id, q.slug from enrollments e join sequences q on q.id = e.sequence_id
          where e.subscriber_id = ${subscriberId}
        union all select 'notice', a.id, null from erasures a where a.subscriber_id = ${subscriberId}),
      letters as (select d.*, own.slug from own cross join deliveries d on d.kind = own.kind and d.anchor = own.anchor),
      everything as (select * from letters
        union all select r.*, l.slug from letters l cross join deliveries r on r.kind = 'repeat' and r.anchor = l.id)
      select l.id as deliveryId, l.kind as kind, l.slug as sequence, t.slug as step, l.slot_at as slotAt,
        l.planned_at as plannedAt, l.state as state, l.reason as reason, l.settled_at as settledAt,
        l.feedback as feedback, l.feedback_at as feedbackAt
      from everything l left join steps t on l.kind in ('theme', 'repeat') and t.id = l.intended_item order by l.id`,
    sql`
      select kind, ltrim(coalesce(bounce_class, '') || ' ' || reason) as reason, at from feedback_events where subscriber_id = ${subscriberId} order by at`,
    sql`
      select r.kind as kind, q.slug as sequence, r.at as at from reader_changes r
        left join enrollments e on e.id = r.enrollment_id left join sequences q on q.id = e.sequence_id
      where r.subscriber_id = ${subscriberId} order by r.id desc limit ${CHANGES_SHOWN}`,
    sql`
      select o.kind as kind, q.slug as sequence, o.reason as reason, o.at as at
      from opt_outs o join subscribers s on s.address_hash = o.address_hash left join sequences q on q.id = o.sequence_id
      where s.id = ${subscriberId} order by o.id`,
  ]);
  const [person] = results[0] as Person[];
  if (person === undefined) return null;
  const enrollments = (results[2] as Array<Omit<EnrollmentRow, "ledger"> & { themes: string }>).map(
    ({ themes, ...row }): EnrollmentRow => ({ ...row, ledger: JSON.parse(themes) as LedgerTheme[] }),
  );
  return {
    person,
    enrollments,
    consents: results[1] as Array<{
      sequence: string;
      page: string;
      wording: string;
      requestedAt: number;
      confirmedAt: number | null;
    }>,
    letters: results[3] as LetterRow[],
    feedback: results[4] as Array<{ kind: string; reason: string; at: number }>,
    changes: results[5] as Array<{ kind: string; sequence: string | null; at: number }>,
    optOuts: results[6] as Array<{ kind: string; sequence: string | null; reason: string; at: number }>,
  };
}
