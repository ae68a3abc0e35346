import { sql } from "drizzle-orm";
import type { Db } from "../../../platform/db/client.ts";
import { field, jsonRows } from "../../../platform/db/json-rows.ts";
import type { PinnedMember } from "../compose-attempt.ts";

/** Themes that are not planned, as members of a call, so that they can be composed; ids are 0. */
export function readDryMembers(
  db: Db,
  themes: ReadonlyArray<{
    readonly enrollmentId: number;
    readonly renditionId: number;
    readonly stepId: number;
  }>,
): Promise<PinnedMember[]> {
  return db.all<PinnedMember>(sql`
    select 0 as id, 'theme' as kind, e.id as anchor, 'theme' as ledgerKind, e.id as ledgerAnchor, e.round as round,
      ${field("stepId")} as item, e.next_due_at as slotAt, ${field("renditionId")} as renditionId, s.id as subscriberId,
      s.address as address, s.first_name as firstName, e.next_due_at as nextDueAt, e.time_zone as timeZone,
      null as requestedAt, q.slug as sequenceSlug, q.title as sequenceTitle, t.slug as stepSlug
    from ${jsonRows(themes)} r join enrollments e on e.id = ${field("enrollmentId")}
      join subscribers s on s.id = e.subscriber_id join sequences q on q.id = e.sequence_id
      left join steps t on t.id = ${field("stepId")}`);
}
