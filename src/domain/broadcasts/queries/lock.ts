import { and, type SQL, sql } from "drizzle-orm";
import { batch, together } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { fieldsOf, jsonRows, listOf, rowsOf } from "../../../platform/db/json-rows.ts";
import { grownTo } from "../../../platform/db/read-marks.ts";
import { batches, enrollments, subscribers } from "../../../platform/db/schema/index.ts";
import {
  batchesOf,
  countPlanned,
  dropEmptyBatches,
  makeBatches,
  planIntoBatches,
  planWaiting,
  recordLeftOut,
} from "../../ledger/queries/plan-delivery.ts";
import { mayGetBroadcasts } from "../../people/queries/standing.ts";
import { clockZone } from "../../sequences/queries/clock-zone.ts";
import { lastSlotOf } from "../../sequences/queries/themes.ts";
import { broadcast as kind } from "../broadcast-kind.ts";
import { type Broadcast, isStep, takeLockStep } from "./broadcasts.ts";

/** People of an audience, by the condition that compiles it for a range, with what their clocks are. */
export async function readAudience(
  db: Db,
  isIn: SQL,
  { now, joinedAfter }: { readonly now: number; readonly joinedAfter: number },
) {
  const { nextDueAt } = enrollments;
  const own = listOf(
    { nextDueAt, lastSlotAt: lastSlotOf(sql`${enrollments.id}`) },
    sql`from ${enrollments} where ${enrollments.subscriberId} = ${subscribers.id}`,
  );
  return db
    .select({ id: subscribers.id, zone: clockZone.as("zone"), enrollments: own.as("enrollments") })
    .from(subscribers)
    .where(and(sql`coalesce(${subscribers.confirmedAt}, 0) >= ${joinedAfter}`, mayGetBroadcasts(now), isIn))
    .orderBy(subscribers.id);
}

/** One of an audience with when it's theirs: in a batch by its key where that's now, waiting without one, or left out. */
export type Locked = {
  readonly s: number;
  readonly slot: number;
  readonly key: string | null;
  readonly place: number;
  readonly out: 0 | 1;
};

/**
 * Writes a range of the lock, all or nothing: a delivery for each person, the batches of those whose time is now, and how far it has come. Where
 * another consumer was faster, or someone stopped it, nothing is written. Returns the batches; null where the step wasn't taken.
 */
export async function writeLocked(
  db: Db,
  broadcast: Broadcast & { readonly runId: number; readonly renditionId: number },
  locked: {
    readonly rows: readonly Locked[];
    readonly upTo: number;
    readonly step: string;
    readonly growth: number;
    readonly now: number;
    readonly wallNow: number;
  },
): Promise<ReadonlyArray<{ readonly id: number; readonly lane: "letters" | "confirmations" }> | null> {
  const { rows, upTo, step, growth, now, wallNow } = locked;
  const { id, runId, renditionId } = broadcast;
  const mine = isStep(id, step);
  const keys = [...new Set(rows.flatMap(({ key }) => (key === null ? [] : [key])))];
  const grouped = keys.map((key) => ({ key, members: rows.filter((row) => row.key === key) }));
  const planned = (of: ReturnType<typeof fieldsOf<Locked>>) => ({
    ...{ anchor: of("s"), round: 0, item: id, recipientId: of("s"), renditionId },
    ...{ slotAt: of("slot"), runId },
  });
  const member = fieldsOf<Locked>("r");
  const apart = rowsOf(rows.filter(({ key, out }) => key === null && out === 0));
  const out = rowsOf(rows.filter((row) => row.out === 1));
  const result = await batch(
    db,
    together(
      { taken: takeLockStep(db, broadcast, step, upTo, grownTo(growth)) },
      {
        made: makeBatches(
          keys.map((key) => ({ key, lane: kind.lane, runId })),
          wallNow,
        ),
        planned: planIntoBatches(
          kind,
          { ...planned(member), batchId: sql`${batches.id}`, place: member("place") },
          now,
          sql`from ${jsonRows(grouped)} g cross join ${batches} on ${batches.idempotencyKey} = g.value ->> 'key'
            cross join json_each(g.value, '$.members') r where ${mine}`,
        ),
        counted: countPlanned(db, runId),
        waiting: planWaiting(kind, planned(apart.of), now, sql`from ${apart.from} where ${mine}`),
        waitingCounted: countPlanned(db, runId),
        leftOut: recordLeftOut(
          kind,
          { ...planned(out.of), reason: "theme_day" },
          now,
          sql`from ${out.from} where ${mine}`,
        ),
        leftOutCounted: countPlanned(db, runId),
        dropped: dropEmptyBatches(db, keys),
        batches: batchesOf(db, keys),
      },
    ),
  );
  return result.taken.length === 0 ? null : result.batches;
}
