import { sql } from "drizzle-orm";
import type { Db } from "../../../platform/db/client.ts";
import { field, jsonRows } from "../../../platform/db/json-rows.ts";

/** An uncertain letter as it may be looked for; the times are those of its batch's attempts, or of its slot. */
export type UncertainLetter = {
  readonly id: number;
  readonly address: string;
  readonly firstName: string;
  readonly subject: string;
  readonly from: number;
  readonly until: number;
};

const LETTERS_MAX = 100;

/**
 * Uncertain letters: the given ones, or those of lately (`since`), newest first; at most 100. No confirmations: a person may be
 * sent several under one subject, and nothing could tell which one was found.
 */
export function readUncertain(
  db: Db,
  which: { readonly ids: readonly number[] | null; readonly since: number },
): Promise<UncertainLetter[]> {
  const chosen =
    which.ids === null
      ? sql`d.settled_at >= ${which.since}`
      : sql`d.id in (select value from json_each(${JSON.stringify(which.ids)}))`;
  return db.all(sql`
    select d.id as id, s.address as address, s.first_name as firstName, r.subject as subject,
      coalesce((select min(a.started_at) from attempts a where a.batch_id = d.batch_id), d.slot_at) as "from",
      coalesce((select max(a.started_at) from attempts a where a.batch_id = d.batch_id), d.slot_at + 172800000) as until
    from deliveries d join subscribers s on s.id = d.recipient_id join renditions r on r.id = d.rendition_id
    where d.state in ('held', 'uncertain') and d.state = 'uncertain' and d.kind not in ('confirmation', 'notice') and ${chosen} order by d.id desc limit ${LETTERS_MAX}`);
}

/** Makes letters accepted that were uncertain and turned out to be sent. An id that another letter has is not theirs. */
export async function acceptFound(
  db: Db,
  found: ReadonlyArray<{ readonly id: number; readonly providerId: string }>,
  now: number,
): Promise<number> {
  const rows = await db.all(sql`
    update deliveries set state = 'accepted', provider_id = ${field("providerId")}, reason = null, settled_at = ${now}
    from ${jsonRows(found)} r where deliveries.id = ${field("id")} and deliveries.state = 'uncertain'
      and not exists (select 1 from enrollments e cross join deliveries o on o.kind in ('theme', 'welcome')
        and o.anchor = e.id where e.subscriber_id = deliveries.recipient_id and o.provider_id = ${field("providerId")})
      and not exists (select 1 from deliveries o where o.kind = 'repeat' and o.anchor = deliveries.id
        and o.provider_id = ${field("providerId")})
      and not exists (select 1 from deliveries o where deliveries.kind = 'repeat' and o.id = deliveries.anchor
        and o.provider_id = ${field("providerId")})
    returning deliveries.id`);
  return rows.length;
}
