import { sql } from "drizzle-orm";
import type { Db } from "../../../platform/db/client.ts";
import type { Lane } from "../../../platform/guard/pace.ts";

/**
 * Open batches whose lease and backoff are over and that were last put on a queue before `enqueuedBefore`; they are
 * marked as enqueued now, so that the next sweep leaves them alone for a while. At most `limit`, oldest first.
 */
export function takeStrandedBatches(
  db: Db,
  times: { readonly wallNow: number; readonly enqueuedBefore: number },
  limit: number,
): Promise<{ readonly id: number; readonly lane: Lane }[]> {
  return db.all(sql`
    update batches set enqueued_at = ${times.wallNow} where id in (
      select id from batches where state <> 'done' and enqueued_at <= ${times.enqueuedBefore}
        and (lease_until is null or lease_until <= ${times.wallNow})
        and (retry_at is null or retry_at <= ${times.wallNow})
      order by enqueued_at limit ${limit})
    returning id, lane`);
}

/** All batches that are not done, oldest first. */
export function listOpenBatches(db: Db): Promise<Array<{ readonly id: number; readonly lane: Lane }>> {
  return db.all(sql`select id, lane from batches where state <> 'done' order by id`);
}

/** The earliest instant at which an enrollment is due, or goes on after a pause; null when nobody waits for anything. */
export async function nextDueInstant(db: Db): Promise<number | null> {
  const row = await db.get<{ at: number | null }>(
    sql`select min(at) as at from (select min(next_due_at) as at from enrollments where next_due_at is not null
      union all select min(resume_at) from enrollments where resume_at is not null)`,
  );
  return row?.at ?? null;
}

/**
 * Open batches that only a switch kept back (or a refusal that the owner has mended since): their wait is over now. At most
 * 500, oldest first.
 */
export function readyOpenBatches(
  db: Db,
  wallNow: number,
): Promise<{ readonly id: number; readonly lane: Lane }[]> {
  return db.all(sql`
    update batches set enqueued_at = ${wallNow}, retry_at = null where id in (
      select id from batches indexed by batches_open where state <> 'done'
        and (lease_until is null or lease_until <= ${wallNow}) and coalesce(last_outcome, '') not like 'unanswered%'
      order by enqueued_at limit 500)
    returning id, lane`);
}

/**
 * Figures for /healthz: the earliest slot that no tick has planned, that of the first open batch, how many are open, and how
 * long the longest claimed one has been without its holder (wall clock).
 */
export async function readLateness(db: Db) {
  const row = await db.get<{
    dueAt: number | null;
    plannedAt: number | null;
    open: number;
    leaseUntil: number | null;
  }>(sql`
    select (select min(next_due_at) from enrollments where next_due_at is not null) as dueAt,
      (select min(coalesce(released_at, slot_at)) from deliveries where state = 'planned' and batch_id =
        (select min(id) from batches indexed by batches_open where state <> 'done')) as plannedAt,
      (select count(*) from batches indexed by batches_open where state <> 'done') as open,
      (select min(lease_until) from batches indexed by batches_open where state <> 'done') as leaseUntil`);
  return {
    oldestDueAt: row?.dueAt ?? null,
    oldestPlannedAt: row?.plannedAt ?? null,
    openBatches: row?.open ?? 0,
    oldestLeaseUntil: row?.leaseUntil ?? null,
  };
}

/** What a tick finds to do besides planning; each is one look at a small partial index. */
export type Chores = {
  readonly unjournaled: boolean;
  readonly held: boolean;
  readonly uncertain: boolean;
  readonly parked: boolean;
};

export async function readChores(
  db: Db,
  times: { readonly heldBefore: number; readonly uncertainSince: number },
): Promise<Chores> {
  const row = await db.get<Record<keyof Chores, 0 | 1>>(sql`
    select exists (select 1 from opt_outs where journaled_at is null) as unjournaled,
      exists (select 1 from deliveries where state in ('held', 'uncertain') and state = 'held'
        and settled_at <= ${times.heldBefore}) as held,
      exists (select 1 from deliveries where state in ('held', 'uncertain') and state = 'uncertain'
        and settled_at >= ${times.uncertainSince}) as uncertain,
      exists (select 1 from feedback_events where parked_at is not null) as parked`);
  const is = (chore: keyof Chores) => row?.[chore] === 1;
  return {
    unjournaled: is("unjournaled"),
    held: is("held"),
    uncertain: is("uncertain"),
    parked: is("parked"),
  };
}
