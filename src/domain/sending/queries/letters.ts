import { sql } from "drizzle-orm";
import { batch } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { field, jsonRows } from "../../../platform/db/json-rows.ts";
import type { Lane } from "../../../platform/guard/pace.ts";

const PAGE = 500;

/** A letter that waits for the owner, or that nobody knows the fate of. */
export type UnresolvedLetter = {
  readonly deliveryId: number;
  readonly subscriberId: number;
  readonly runId: number | null;
  readonly kind: string;
  readonly step: string | null;
  readonly state: "held" | "uncertain";
  readonly reason: string;
  readonly slotAt: number;
  readonly settledAt: number;
};

/** Held or uncertain letters behind `after`, by id; at most 500. */
export function listUnresolved(
  db: Db,
  state: "held" | "uncertain",
  after: number,
): Promise<UnresolvedLetter[]> {
  return db.all(sql`
    select d.id as deliveryId, d.recipient_id as subscriberId, d.run_id as runId, d.kind as kind, t.slug as step,
      d.state as state, d.reason as reason, d.slot_at as slotAt, d.settled_at as settledAt
    from deliveries d left join steps t on d.kind = 'theme' and t.id = d.intended_item
    where d.state in ('held', 'uncertain') and d.state = ${state} and d.id > ${after} order by d.id limit ${PAGE}`);
}

/**
 * Lets held letters pass that nobody released within their 48 hours: the step is next again. Returns how many; at most 500 a
 * call.
 */
export async function passOverdueHeld(
  db: Db,
  when: { readonly now: number; readonly heldBefore: number },
): Promise<number> {
  const rows = await db.all(sql`
    update deliveries set state = 'skipped', reason = 'missed', settled_at = ${when.now},
      item = case when kind = 'theme' then null else item end
    where id in (select id from deliveries where state in ('held', 'uncertain') and state = 'held'
      and settled_at <= ${when.heldBefore} limit ${PAGE})
    returning id`);
  return rows.length;
}

/** Letters chosen by the owner: by id, or all of a run. */
export type Chosen = { readonly ids: readonly number[] } | { readonly runId: number };

function chosen(which: Chosen) {
  return "ids" in which
    ? sql`id in (select value from json_each(${JSON.stringify(which.ids)}))`
    : sql`batch_id in (select b.id from batches b where b.run_id = ${which.runId})`;
}

/** Ids of the chosen letters that are held, with their lanes and runs, by run; at most 500. */
export function readHeld(
  db: Db,
  which: Chosen,
): Promise<Array<{ readonly id: number; readonly lane: Lane; readonly runId: number | null }>> {
  return db.all(sql`
    select id, case when kind in ('theme', 'repeat') then 'letters' else 'confirmations' end as lane, run_id as runId
    from deliveries where state in ('held', 'uncertain') and state = 'held' and ${chosen(which)} order by run_id, id limit ${PAGE}`);
}

/**
 * Puts held letters into new batches (`key` and `place` each), so that they go out as soon as they may; their 48 hours begin
 * anew. A letter that is not held any more is left alone, and a batch that none joined is not made. Returns the batch ids.
 */
export async function releaseHeld(
  db: Db,
  release: {
    readonly letters: ReadonlyArray<{ readonly id: number; readonly key: string; readonly place: number }>;
    readonly lane: Lane;
    /** The run that planned them: its accounting goes on. */
    readonly runId: number | null;
    readonly now: number;
    readonly wallNow: number;
  },
): Promise<number[]> {
  const keys = JSON.stringify([...new Set(release.letters.map((letter) => letter.key))]);
  const results = await batch(db, [
    sql`insert into batches (lane, run_id, idempotency_key, enqueued_at)
      select ${release.lane}, ${release.runId}, value, ${release.wallNow} from json_each(${keys})`,
    sql`
      update deliveries set state = 'planned', reason = null, settled_at = null, released_at = ${release.now},
        batch_id = b.id, place = ${field("place")}
      from ${jsonRows(release.letters)} r join batches b on b.idempotency_key = ${field("key")}
      where deliveries.id = ${field("id")} and deliveries.state = 'held'`,
    sql`delete from batches where idempotency_key in (select value from json_each(${keys}))
      and not exists (select 1 from deliveries d where d.batch_id = batches.id)`,
    sql`select id from batches where idempotency_key in (select value from json_each(${keys}))`,
  ]);
  return (results[3] as { id: number }[]).map((row) => row.id);
}

/**
 * Ends letters that the owner gives up: a held one is skipped (its step is next again), an uncertain one failed (its step
 * counts as had). Returns the ids that were changed.
 */
export async function giveUp(db: Db, ids: readonly number[], now: number): Promise<number[]> {
  const rows = await db.all<{ id: number }>(sql`
    update deliveries set reason = 'given_up', settled_at = ${now},
      item = case when state = 'held' and kind = 'theme' then null else item end,
      state = case when state = 'held' then 'skipped' else 'failed' end
    where state in ('held', 'uncertain') and id in (select value from json_each(${JSON.stringify(ids)})) returning id`);
  return rows.map((row) => row.id);
}

/**
 * Plans letters once more that failed or stayed uncertain, as repeats in one new batch under `key`; each repeat is numbered
 * (`number` is what the caller saw), and there is one at a time, so that pressing twice makes one. Returns the repeated ids and the batch.
 */
export async function planRepeats(
  db: Db,
  repeat: {
    readonly letters: ReadonlyArray<{ readonly id: number; readonly number: number; readonly place: number }>;
    readonly key: string;
    readonly now: number;
    readonly wallNow: number;
  },
): Promise<{ readonly ids: readonly number[]; readonly batchId: number | null }> {
  const results = await batch(db, [
    sql`insert into batches (lane, idempotency_key, enqueued_at) values ('letters', ${repeat.key}, ${repeat.wallNow})`,
    sql`
      insert into deliveries (kind, anchor, round, item, intended_item, recipient_id, rendition_id, batch_id, place,
        slot_at, state, planned_at)
      select 'repeat', d.id, ${field("number")}, 0, d.intended_item, d.recipient_id, d.rendition_id, b.id,
        ${field("place")}, ${repeat.now}, 'planned', ${repeat.now}
      from ${jsonRows(repeat.letters)} r join deliveries d on d.id = ${field("id")}
        join batches b on b.idempotency_key = ${repeat.key}
      where d.state in ('failed', 'uncertain') and d.kind <> 'repeat' and not exists (
        select 1 from deliveries n where n.kind = 'repeat' and n.anchor = d.id and n.state not in ('failed', 'skipped'))
      on conflict (kind, anchor, round, item) do nothing returning anchor as id`,
    sql`delete from batches where idempotency_key = ${repeat.key}
      and not exists (select 1 from deliveries d where d.batch_id = batches.id)`,
    sql`select id from batches where idempotency_key = ${repeat.key}`,
  ]);
  const [made] = results[3] as { id: number }[];
  return { ids: (results[1] as { id: number }[]).map((row) => row.id), batchId: made?.id ?? null };
}

/** How often each of the letters was repeated already; a repeat stands for the letter that it repeats. */
export function readRepeats(
  db: Db,
  ids: readonly number[],
): Promise<Array<{ readonly id: number; readonly repeats: number }>> {
  return db.all(sql`
    select distinct o.id as id, (select count(*) from deliveries r where r.kind = 'repeat' and r.anchor = o.id) as repeats
    from deliveries d join deliveries o on o.id = case when d.kind = 'repeat' then d.anchor else d.id end
    where d.id in (select value from json_each(${JSON.stringify(ids)}))`);
}
