import { and, eq, gt, inArray, lte, sql } from "drizzle-orm";
import type { Db } from "../../../platform/db/client.ts";
import { listOf } from "../../../platform/db/json-rows.ts";
import { deliveries, enrollments, sequences } from "../../../platform/db/schema/index.ts";
import { ledgerColumns, themesOf } from "./themes.ts";

/** People of a range to whom a sequence goes on, or is paused, each with the themes that they had. */
export function readThemesHad(
  db: Db,
  sequence: string,
  { after, upTo }: { readonly after: number; readonly upTo: number },
) {
  const { stepId, round } = ledgerColumns;
  return (
    db
      .select({
        subscriberId: enrollments.subscriberId,
        round: enrollments.round,
        had: listOf({ stepId, round }, sql`from ${deliveries} where ${themesOf(sql`${enrollments.id}`)}`).as(
          "had",
        ),
      })
      .from(enrollments)
      // The plus keeps SQLite from reading all enrollments of the sequence for each range.
      .innerJoin(
        sequences,
        and(sql`${sequences.id} = +${enrollments.sequenceId}`, eq(sequences.slug, sequence)),
      )
      .where(
        and(
          gt(enrollments.subscriberId, after),
          lte(enrollments.subscriberId, upTo),
          inArray(enrollments.state, ["active", "paused"]),
        ),
      )
  );
}
