import { sql } from "drizzle-orm";

/**
 * Statements for the personal mail of one act, to be put into the caller's `batch()` so that the act and its mail are
 * one. Each batch is named by its random idempotency key; the last statement drops it where no delivery joined it, and
 * `readPersonalBatch` tells its id, or nothing.
 */
type PersonalMail = { readonly key: string; readonly now: number; readonly wallNow: number };

function insertPersonalBatch(mail: PersonalMail) {
  return sql`
    insert into batches (lane, idempotency_key, enqueued_at) values ('confirmations', ${mail.key}, ${mail.wallNow})`;
}

function finishPersonalBatch(mail: PersonalMail) {
  return [
    sql`delete from batches where idempotency_key = ${mail.key}
      and not exists (select 1 from deliveries d where d.batch_id = batches.id)`,
    sql`select id from batches where idempotency_key = ${mail.key}`,
  ] as const;
}

/** Plans the confirmation mail for the consent made by request `requestId`, if that request made one. */
export function planConfirmation(requestId: string, mail: PersonalMail) {
  const insertDelivery = sql`
    insert into deliveries (kind, anchor, round, item, intended_item, recipient_id, rendition_id, batch_id, slot_at,
      state, planned_at)
    select 'confirmation', c.id, 0, 0, 0, c.subscriber_id, q.confirmation_rendition_id, b.id, ${mail.now}, 'planned',
      ${mail.now}
    from consents c join sequences q on q.id = c.sequence_id join batches b on b.idempotency_key = ${mail.key}
    where c.request_id = ${requestId}
    on conflict (kind, anchor, round, item) do nothing`;
  return [insertPersonalBatch(mail), insertDelivery, ...finishPersonalBatch(mail)] as const;
}

/**
 * Plans the welcome of the enrollment that a won confirmation stands for: one an enrollment and round (item 0). Somebody whom this
 * confirmation brought back gets the shorter one instead, once for each (item: the consent), if a theme is left for them.
 */
export function planWelcome(
  confirmed: { readonly consentId: number; readonly confirmationId: string },
  mail: PersonalMail,
) {
  const back = sql`e.state = 'active' and coalesce(e.returned_at = ${mail.now}, 0)`;
  const had = sql`select d.item from deliveries d where d.kind = 'theme' and d.anchor = e.id and d.round = e.round
    and d.item is not null`;
  // The first step that they lack, as plan-theme.ts finds it: only where it is published has the letter a date to tell.
  const goesOn = sql`coalesce((select t.status from steps t where t.sequence_id = e.sequence_id and t.archived_at is null
    and t.id not in (${had}) and (t.backfill = 1 or t.position > coalesce((select max(p.position) from steps p
      where p.archived_at is null and p.id in (${had})), -1))
    order by t.position limit 1), '') = 'published'`;
  const insertDelivery = sql`
    insert into deliveries (kind, anchor, round, item, intended_item, recipient_id, rendition_id, batch_id, slot_at,
      state, planned_at)
    select 'welcome', e.id, e.round, case when ${back} then c.id else 0 end, 0, e.subscriber_id,
      case when ${back} then q.welcome_back_rendition_id else q.welcome_rendition_id end, b.id, ${mail.now}, 'planned',
      ${mail.now}
    from consents c join enrollments e on e.subscriber_id = c.subscriber_id and e.sequence_id = c.sequence_id
      join sequences q on q.id = c.sequence_id join batches b on b.idempotency_key = ${mail.key}
    where c.id = ${confirmed.consentId} and c.confirmation_id = ${confirmed.confirmationId}
      and (not (${back}) or ${goesOn})
    on conflict (kind, anchor, round, item) do nothing`;
  return [insertPersonalBatch(mail), insertDelivery, ...finishPersonalBatch(mail)] as const;
}

/** Plans the notice of the erasure made by request `requestId`, if that request made one. */
export function planNotice(requestId: string, mail: PersonalMail) {
  const insertDelivery = sql`
    insert into deliveries (kind, anchor, round, item, intended_item, recipient_id, rendition_id, batch_id, slot_at,
      state, planned_at)
    select 'notice', a.id, 0, 0, 0, a.subscriber_id, n.rendition_id, b.id, ${mail.now}, 'planned', ${mail.now}
    from erasures a join notices n on n.name = 'erase' join batches b on b.idempotency_key = ${mail.key}
    where a.request_id = ${requestId}
    on conflict (kind, anchor, round, item) do nothing`;
  return [insertPersonalBatch(mail), insertDelivery, ...finishPersonalBatch(mail)] as const;
}
