import { type Column, eq, type SQL, sql } from "drizzle-orm";
import { batch } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { among, rowsOf } from "../../../platform/db/json-rows.ts";
import { batches, deliveries, runs } from "../../../platform/db/schema/index.ts";
import { insertFrom, onConflict } from "../../../platform/db/write.ts";
import type { Lane } from "../../../platform/guard/rate.ts";
import { BATCH_SIZE } from "../batch-size.ts";
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
 * `from` selects. Those of a run get their batches from `batchWaiting`, the others by being gathered. One that was planned before is left alone. Returns their ids.
 */
export function planWaiting(
  kind: Pick<Kind, "name">,
  planned: Planned & { readonly runId?: number },
  now: number,
  from: SQL,
) {
  const { item, runId = null } = planned;
  return insertFrom(
    deliveries,
    { ...base(kind, planned, now), item, runId, state: "planned" },
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

/** Statement: records deliveries of a run that are left out as it's planned, and keep their item: they aren't planned again. */
export function recordLeftOut(
  kind: Pick<Kind, "name">,
  out: Planned & { readonly runId: number; readonly reason: string },
  now: number,
  from: SQL,
) {
  const { item, runId, reason } = out;
  return insertFrom(
    deliveries,
    { ...base(kind, out, now), item, runId, state: "skipped", reason, settledAt: now },
    sql`${from} ${ONCE}`,
  );
}

/**
 * Gives deliveries of a run that wait, their slot come, the batches of these keys, the oldest first and 100 to a batch. Returns the batches, in order;
 * as many as there are keys where more may wait.
 */
export async function batchWaiting(
  db: Db,
  {
    runId,
    lane,
    keys,
    now,
    wallNow,
  }: {
    readonly runId: number;
    readonly lane: Lane;
    readonly keys: readonly string[];
    readonly now: number;
    readonly wallNow: number;
  },
) {
  const waits = sql`${deliveries.runId} = ${runId} and ${deliveries.batchId} is null and ${deliveries.state} = 'planned'
    and ${deliveries.slotAt} <= ${now}`;
  const first = sql`(select ${deliveries.id} as id, row_number() over (order by ${deliveries.slotAt}, ${deliveries.id}) - 1 as place
    from ${deliveries} where ${waits} order by ${deliveries.slotAt}, ${deliveries.id} limit ${keys.length * BATCH_SIZE}) first
    join json_each(${JSON.stringify(keys)}) k on k.key = cast(first.place / ${BATCH_SIZE} as integer)
    join ${batches} on ${batches.idempotencyKey} = k.value`;
  const { made } = await batch(db, {
    rows: makeBatches(
      keys.map((key) => ({ key, lane, runId })),
      wallNow,
    ),
    joined: db
      .update(deliveries)
      .set({ batchId: sql`${batches.id}`, place: sql`first.place % ${BATCH_SIZE}` })
      .from(first)
      .where(eq(deliveries.id, sql`first.id`)),
    dropped: dropEmptyBatches(db, keys),
    made: batchesOf(db, keys),
  });
  return made;
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
