import { and, eq, gt, inArray, lte, type SQL, sql } from "drizzle-orm";
import { batch } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { among, rowsOf } from "../../../platform/db/json-rows.ts";
import { batches, deliveries } from "../../../platform/db/schema/index.ts";
import type { Lane } from "../../../platform/guard/rate.ts";
import type { Doer } from "../../acts/act.ts";
import { recordAct } from "../../acts/queries/acts.ts";
import type { Kinds } from "../kind.ts";
import { freedItem } from "./freed-item.ts";
import { dropEmptyBatches, makeBatches, type NewBatch } from "./plan-delivery.ts";
import { unresolved } from "./unresolved.ts";

const PAGE = 500;

/** Held or uncertain letters behind `after`, by id; at most `limit`. */
export function listUnresolved(
  db: Db,
  kinds: Kinds,
  state: "held" | "uncertain",
  { after, limit }: { readonly after: number; readonly limit: number },
) {
  return db
    .select({
      id: deliveries.id,
      subscriberId: sql<number | null>`case when ${among(deliveries.kind, kinds.toSubscribers)}
        then ${deliveries.recipientId} end`,
      runId: deliveries.runId,
      kind: shownKind,
      step: sql<string | null>`${itemNames(kinds)}`,
      state: sql<"held" | "uncertain">`${deliveries.state}`.as("state"),
      reason: deliveries.reason,
      slotAt: deliveries.slotAt,
      settledAt: deliveries.settledAt,
    })
    .from(deliveries)
    .where(and(unresolved(state), gt(deliveries.id, after)))
    .orderBy(deliveries.id)
    .limit(limit);
}

/** What accounts and timelines call a delivery: its kind, or `repeat` for one that the owner sent again. */
export const shownKind =
  sql<string>`case when ${deliveries.copy} > 0 then 'repeat' else ${deliveries.kind} end`.as("letter_kind");

/** The names of what deliveries were planned for, by their kinds. */
export function itemNames(kinds: Kinds): SQL {
  return kinds.byKind(
    sql`${deliveries.kind}`,
    (kind) => kind.itemName(sql`${deliveries.intendedItem}`),
    sql`null`,
  );
}

/**
 * Lets held letters pass that nobody released in their time: the step is next again. Returns how many; at most 500 a call.
 */
export async function passOverdueHeld(
  db: Db,
  kinds: Kinds,
  when: { readonly now: number; readonly heldBefore: number },
): Promise<number> {
  const overdue = db
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(and(unresolved("held"), lte(deliveries.settledAt, when.heldBefore)))
    .limit(PAGE);
  const passed = await db
    .update(deliveries)
    .set({ state: "skipped", reason: "missed", settledAt: when.now, item: freedItem(kinds, sql`true`) })
    .where(sql`${deliveries.id} in ${overdue}`)
    .returning({ id: deliveries.id });
  return passed.length;
}

/** Letters chosen by the owner: by id, or all of a run. */
export type Chosen = { readonly ids: readonly number[] } | { readonly runId: number };

function chosen(which: Chosen): SQL {
  if ("ids" in which) return among(deliveries.id, which.ids);
  return sql`${deliveries.batchId} in (select ${batches.id} from ${batches} where ${batches.runId} = ${which.runId})`;
}

/** The chosen letters that are held, with their kinds and runs, by run; at most 500. */
export function readHeld(db: Db, which: Chosen) {
  return db
    .select({ id: deliveries.id, kind: deliveries.kind, runId: deliveries.runId })
    .from(deliveries)
    .where(and(unresolved("held"), chosen(which)))
    .orderBy(deliveries.runId, deliveries.id)
    .limit(PAGE);
}

/**
 * Puts held letters into new batches (`key` and `place` each), so that they go out as soon as they may; their time begins
 * anew. A letter that is not held any more is left alone, and a batch that none joined is not made. Returns the batches.
 */
export async function releaseHeld(
  db: Db,
  release: {
    readonly letters: ReadonlyArray<{ readonly id: number; readonly key: string; readonly place: number }>;
    /** A batch for each key: its lane, and the run that planned its letters, whose accounting goes on. */
    readonly batches: readonly NewBatch[];
    readonly now: number;
    readonly wallNow: number;
    readonly by: Doer;
  },
): Promise<ReadonlyArray<{ readonly id: number; readonly lane: Lane }>> {
  const { wallNow, now } = release;
  const keys = release.batches.map(({ key }) => key);
  const rows = rowsOf(release.letters);
  const held = sql`${deliveries.state} = 'held' and ${among(
    deliveries.id,
    release.letters.map(({ id }) => id),
  )}`;
  const { released } = await batch(db, {
    act: recordAct(
      release.by,
      { at: now, verb: "release_letters", object: "letters", changed: idsOf(held) },
      sql`exists (select 1 from ${deliveries} where ${held})`,
    ),
    made: makeBatches(release.batches, wallNow),
    joined: db
      .update(deliveries)
      .set({
        state: "planned",
        reason: null,
        settledAt: null,
        releasedAt: now,
        batchId: sql`${batches.id}`,
        place: rows.of("place"),
      })
      .from(sql`${rows.from} join ${batches} on ${batches.idempotencyKey} = ${rows.of("key")}`)
      .where(and(eq(deliveries.id, rows.of("id")), eq(deliveries.state, "held"))),
    dropped: dropEmptyBatches(db, keys),
    released: db
      .select({ id: batches.id, lane: batches.lane })
      .from(batches)
      .where(among(batches.idempotencyKey, keys))
      .orderBy(batches.id),
  });
  return released;
}

/** Letters of a run that ended, or wait, for one reason. */
export type OfRun = { readonly runId: number; readonly reason: string };

/** Condition on `deliveries`: planned by that run, with that reason. */
export function ofRun({ runId, reason }: OfRun): SQL {
  return sql`${chosen({ runId })} and ${deliveries.reason} = ${reason}`;
}

/** The ids of those that are held or uncertain, at most 500. */
export async function readUndecided(db: Db, which: OfRun): Promise<number[]> {
  const rows = await db
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(and(inArray(deliveries.state, ["held", "uncertain"]), ofRun(which)))
    .orderBy(deliveries.id)
    .limit(PAGE);
  return rows.map(({ id }) => id);
}

/**
 * Ends letters that the owner gives up: a held one is skipped (its step is next again), an uncertain one failed (its step
 * counts as had). Returns the ids that were changed.
 */
export async function giveUp(
  db: Db,
  kinds: Kinds,
  ids: readonly number[],
  { now, by }: { readonly now: number; readonly by: Doer },
): Promise<number[]> {
  const open = sql`${deliveries.state} in ('held', 'uncertain') and ${among(deliveries.id, ids)}`;
  const { given } = await batch(db, {
    act: recordAct(
      by,
      { at: now, verb: "give_up_letters", object: "letters", changed: idsOf(open) },
      sql`exists (select 1 from ${deliveries} where ${open})`,
    ),
    given: db
      .update(deliveries)
      .set({
        reason: "given_up",
        settledAt: now,
        item: freedItem(kinds, sql`${deliveries.state} = 'held'`),
        state: sql`case when ${deliveries.state} = 'held' then 'skipped' else 'failed' end`,
      })
      .where(open)
      .returning({ id: deliveries.id }),
  });
  return given.map(({ id }) => id);
}

/** What an act keeps of letters that it changed: how many, and the first and last of them. */
export function idsOf(which: SQL): SQL {
  return sql`(select json_object('letters', count(*), 'first', min(${deliveries.id}), 'last', max(${deliveries.id}))
    from ${deliveries} where ${which})`;
}
