import { type Column, eq, type SQL, sql } from "drizzle-orm";
import type { Db } from "../../../platform/db/client.ts";
import { among, rowsOf } from "../../../platform/db/json-rows.ts";
import { batches, deliveries, runs } from "../../../platform/db/schema/index.ts";
import { insertFrom, onConflict } from "../../../platform/db/write.ts";
import type { Lane } from "../../../platform/guard/rate.ts";
import type { Kind } from "../kind.ts";

type Value<T> = T | SQL | Column;

/** What a planner says of the deliveries that it plans; the rest follows from the kind. */
type Planned = {
  readonly anchor: Value<number>;
  readonly round: Value<number>;
  readonly item: Value<number>;
  readonly recipientId: Value<number>;
  readonly renditionId: Value<number>;
  readonly slotAt: Value<number>;
};

/**
 * Statement: plans deliveries of a kind that wait for their slot, or for their turn, without a batch: one for each row that
 * `from` selects. One that was planned before is left alone. Returns their ids.
 */
export function planWaiting(kind: Pick<Kind, "name">, planned: Planned, now: number, from: SQL) {
  return insertFrom(
    deliveries,
    { ...base(kind, planned, now), item: planned.item, state: "planned" },
    sql`${from} ${ONCE}`,
  ).returning({ id: deliveries.id });
}

/** Statement: plans deliveries of a run into batches that are there. One that was planned before is left alone. */
export function planIntoBatches(
  kind: Pick<Kind, "name">,
  planned: Planned & { readonly runId: number; readonly batchId: SQL; readonly place: SQL },
  now: number,
  from: SQL,
) {
  const { runId, batchId, place } = planned;
  return insertFrom(
    deliveries,
    {
      ...base(kind, planned, now),
      item: planned.item,
      runId,
      batchId: sql`${batchId}`,
      place: sql`${place}`,
      state: "planned",
    },
    sql`${from} ${ONCE}`,
  );
}

/** Statement: records slots of a run that pass without a letter. What would have come is free to be planned again. */
export function recordPassed(
  kind: Pick<Kind, "name">,
  passed: Planned & { readonly runId: number; readonly reason: SQL },
  now: number,
  from: SQL,
) {
  const { runId, reason } = passed;
  return insertFrom(
    deliveries,
    { ...base(kind, passed, now), item: null, runId, state: "skipped", reason, settledAt: now },
    from,
  );
}

function base(kind: Pick<Kind, "name">, planned: Planned, now: number) {
  const { anchor, round, item, recipientId, renditionId, slotAt } = planned;
  return {
    kind: kind.name,
    anchor,
    round,
    intendedItem: item,
    recipientId,
    renditionId,
    slotAt,
    plannedAt: now,
  };
}

/** The end of an insert of deliveries: one that is there already is not planned again. */
export const ONCE: SQL = onConflict(deliveries, ["kind", "anchor", "round", "item", "copy"]);

/** A batch to be made under `key`. */
export type NewBatch = { readonly key: string; readonly lane: Lane; readonly runId: number | null };

/** Statement: makes batches. */
export function makeBatches(made: readonly NewBatch[], wallNow: number) {
  const { from, of } = rowsOf(made);
  return insertFrom(
    batches,
    { lane: of("lane"), runId: of("runId"), idempotencyKey: of("key"), enqueuedAt: wallNow },
    sql`from ${from}`,
  );
}

/** Statement: drops those of the batches that no delivery joined. */
export function dropEmptyBatches(db: Db, keys: readonly string[]) {
  return db
    .delete(batches)
    .where(
      sql`${among(batches.idempotencyKey, keys)} and not exists (select 1 from ${deliveries} where ${deliveries.batchId} = ${batches.id})`,
    );
}

/** Statement: the batches with these keys, in the order in which they were made. */
export function batchesOf(db: Db, keys: readonly string[]) {
  return db
    .select({ id: batches.id, lane: batches.lane })
    .from(batches)
    .where(among(batches.idempotencyKey, keys))
    .orderBy(batches.id);
}

/** Statement: counts what the statement before it planned. */
export function countPlanned(db: Db, runId: number) {
  return db
    .update(runs)
    .set({ planned: sql`${runs.planned} + changes()` })
    .where(eq(runs.id, runId));
}
