import { sql } from "drizzle-orm";
import { batch } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { field, jsonRows } from "../../../platform/db/json-rows.ts";
import type { AdmittedMember } from "../../../platform/guard/guard-port.ts";

/**
 * Enters letters that may have been made in the lost time: letters that the restored database still means to send become
 * uncertain, and those that it does not know are written anew under their own ids (where free), so that links, webhooks and
 * the once-only key hold for them again. What the database knows to have ended is left alone. Idempotent; returns how many
 * letters were entered or changed.
 */
export async function restoreAdmissions(
  db: Db,
  members: readonly AdmittedMember[],
  now: number,
): Promise<number> {
  const key = sql`deliveries.kind = ${field("kind")} and deliveries.anchor = ${field("anchor")}
    and deliveries.round = ${field("round")} and deliveries.item = ${field("item")}`;
  const meant = sql`deliveries.recipient_id = ${field("subscriberId")} and deliveries.state in ('planned', 'held')`;
  const results = await batch(db, [
    sql`
      update deliveries set state = 'uncertain', reason = 'restored', settled_at = ${now}
      from ${jsonRows(members)} r where ${key} and ${meant} and deliveries.id = ${field("id")} returning deliveries.id`,
    // The same step under another id: that one was given up in the lost time, and this one took its place.
    sql`
      update deliveries set state = 'skipped', reason = 'restored', settled_at = ${now},
        item = case when deliveries.kind = 'theme' then null else deliveries.item end
      from ${jsonRows(members)} r where ${key} and ${meant} and deliveries.id <> ${field("id")} returning deliveries.id`,
    sql`
      insert into deliveries (id, kind, anchor, round, item, intended_item, recipient_id, rendition_id, slot_at, state,
        reason, planned_at, settled_at)
      select case when exists (select 1 from deliveries x where x.id = ${field("id")}) then null else ${field("id")} end,
        ${field("kind")}, ${field("anchor")}, ${field("round")},
        case when exists (select 1 from deliveries x where x.kind = ${field("kind")} and x.anchor = ${field("anchor")}
          and x.round = ${field("round")} and x.item = ${field("item")}) then null else ${field("item")} end,
        coalesce((select x.intended_item from deliveries x where ${field("kind")} = 'repeat' and x.id = ${field("anchor")}),
          case when ${field("kind")} = 'welcome' then 0 else ${field("item")} end),
        ${field("subscriberId")}, ${field("renditionId")}, ${field("slotAt")}, 'uncertain', 'restored', ${now}, ${now}
      from ${jsonRows(members)} r
      where exists (select 1 from subscribers s where s.id = ${field("subscriberId")})
        and not exists (select 1 from deliveries x where x.id = ${field("id")} and x.kind = ${field("kind")}
          and x.anchor = ${field("anchor")} and x.round = ${field("round")})
        and case ${field("kind")}
          when 'confirmation' then exists (select 1 from consents c where c.id = ${field("anchor")}
            and c.subscriber_id = ${field("subscriberId")})
          when 'notice' then exists (select 1 from erasures a where a.id = ${field("anchor")}
            and a.subscriber_id = ${field("subscriberId")})
          when 'repeat' then exists (select 1 from deliveries o where o.id = ${field("anchor")}
            and o.recipient_id = ${field("subscriberId")})
          else exists (select 1 from enrollments e where e.id = ${field("anchor")}
            and e.subscriber_id = ${field("subscriberId")}) end
      on conflict do nothing returning id`,
  ]);
  return results.reduce((sum, rows) => sum + rows.length, 0);
}

/** The oldest batch that is not done; what was let through before it has its fate in the ledger. */
export async function firstOpenBatch(db: Db): Promise<number> {
  const row = await db.get<{ id: number | null }>(
    sql`select min(id) as id from batches indexed by batches_open where state <> 'done'`,
  );
  return row?.id ?? Number.MAX_SAFE_INTEGER;
}
