import { sql } from "drizzle-orm";
import { batch } from "../../db/batch.ts";
import type { Db } from "../../db/client.ts";
import { field, jsonRows } from "../../db/json-rows.ts";
import type { Member, PinnedMember, StoredAttempt } from "../compose-attempt.ts";
import type { Lane } from "../deps.ts";
import type { MessageFrame } from "../message-frame.ts";

/** A batch that this consumer holds until its lease ends. `claims` counts this claim. */
type ClaimedBatch = { readonly idempotencyKey: string; readonly lane: Lane; readonly claims: number };

/**
 * Takes a batch that is open, not leased and not backing off; null when there is none such, so that of two consumers
 * one gets it. `token` fences what the holder writes later.
 */
export async function claimBatch(
  db: Db,
  claim: {
    readonly batchId: number;
    readonly token: string;
    readonly wallNow: number;
    readonly leaseMs: number;
  },
): Promise<ClaimedBatch | null> {
  const row = await db.get<ClaimedBatch>(sql`
    update batches set state = 'sending', token = ${claim.token}, lease_until = ${claim.wallNow + claim.leaseMs},
      retry_at = null, claims = claims + 1
    where id = ${claim.batchId} and state <> 'done' and (lease_until is null or lease_until <= ${claim.wallNow})
      and (retry_at is null or retry_at <= ${claim.wallNow})
    returning idempotency_key as idempotencyKey, lane, claims`);
  return row ?? null;
}

/** The members of a batch that are still planned, in call order, with where each person stands right now. */
export function readMembers(db: Db, batchId: number): Promise<Member[]> {
  return db.all<Member>(sql`
    select d.id as id, d.kind as kind, d.slot_at as slotAt, d.rendition_id as renditionId, d.owner as owner,
      s.id as subscriberId, s.address as address, s.first_name as firstName, s.state as subscriber,
      e.state as enrollment, e.next_due_at as nextDueAt, e.time_zone as timeZone,
      case when c.id is null then null when c.confirmed_at is null then 'pending' else 'confirmed' end as consent,
      c.requested_at as requestedAt, q.slug as sequenceSlug, q.title as sequenceTitle, t.slug as stepSlug
    from deliveries d join subscribers s on s.id = d.subscriber_id
      left join enrollments e on d.kind in ('theme', 'welcome') and e.id = d.owner
      left join consents c on d.kind = 'confirmation' and c.id = d.owner
      left join sequences q on q.id = coalesce(e.sequence_id, c.sequence_id)
      left join steps t on d.kind = 'theme' and t.id = d.intended_item
    where d.batch_id = ${batchId} and d.state = 'planned' order by d.place`);
}

/** The attempts of a batch, oldest first. */
export async function readAttempts(db: Db, batchId: number): Promise<StoredAttempt[]> {
  const rows = await db.all<{
    frame: string;
    members: string;
    startedAt: number;
    outcome: string | null;
  }>(sql`
    select frame, members, started_at as startedAt, outcome from attempts where batch_id = ${batchId} order by number`);
  return rows.map((row) => ({
    frame: JSON.parse(row.frame) as MessageFrame,
    members: JSON.parse(row.members) as PinnedMember[],
    startedAt: row.startedAt,
    outcome: row.outcome,
  }));
}

/** A delivery that ends without being sent. */
export type Settled = {
  readonly id: number;
  readonly state: "skipped" | "failed" | "held" | "uncertain";
  readonly reason: string;
};

/** Whether the claim is still ours, as a condition on `batches`. */
function held(batchId: number, token: string) {
  return sql`id = ${batchId} and token = ${token} and state = 'sending'`;
}

/**
 * Stores the attempt and what is settled without it, before the provider is called. False, and nothing stored, where
 * another consumer has taken the batch over.
 */
export async function beginAttempt(
  db: Db,
  attempt: {
    readonly batchId: number;
    readonly token: string;
    readonly number: number;
    readonly frame: MessageFrame;
    readonly members: readonly PinnedMember[];
    readonly settled: readonly Settled[];
    readonly wallNow: number;
    readonly now: number;
  },
): Promise<boolean> {
  const insert = sql`
    insert into attempts (batch_id, number, frame, members, started_at)
    select id, ${attempt.number}, ${JSON.stringify(attempt.frame)}, ${JSON.stringify(attempt.members)},
      ${attempt.wallNow} from batches
    where ${held(attempt.batchId, attempt.token)} returning id`;
  const settled = attempt.settled.length === 0 ? [] : [settle(attempt.settled, attempt)];
  const [stored] = await batch(db, [insert, ...settled]);
  return stored?.length === 1;
}

/**
 * Ends a batch: ids of accepted members, how the others ended, the attempt's outcome. The ledger moves forward only (from
 * planned). An id is true whoever holds the batch; all else is written only while the claim is ours. Attempts keep ids
 * only from here on.
 */
export async function finishBatch(
  db: Db,
  end: {
    readonly batchId: number;
    readonly token: string;
    readonly number: number;
    readonly outcome: string;
    readonly accepted: ReadonlyArray<{ readonly id: number; readonly providerId: string }>;
    readonly settled: readonly Settled[];
    readonly wallNow: number;
    readonly now: number;
  },
): Promise<void> {
  const accept = sql`
    update deliveries set state = 'accepted', provider_id = ${field("providerId")}, settled_at = ${end.now}
    from ${jsonRows(end.accepted)} r where deliveries.id = ${field("id")} and deliveries.state = 'planned'`;
  const finish = sql`
    update batches set state = 'done', token = null, lease_until = null where ${held(end.batchId, end.token)}`;
  const closeAttempts = sql`
    update attempts set ended_at = coalesce(ended_at, ${end.wallNow}),
      outcome = case when number = ${end.number} then ${end.outcome} else outcome end,
      members = (select json_group_array(value ->> 'id') from json_each(members))
    where batch_id = ${end.batchId} and exists (select 1 from batches where ${held(end.batchId, end.token)})`;
  const settled = end.settled.length === 0 ? [] : [settle(end.settled, end)];
  const accepted = end.accepted.length === 0 ? [] : [accept];
  await batch(db, [...accepted, ...settled, closeAttempts, finish]);
}

/** Gives the batch back until `retryAt`, with how the attempt (if one was made) ended. */
export async function releaseBatch(
  db: Db,
  release: {
    readonly batchId: number;
    readonly token: string;
    readonly number: number;
    readonly outcome: string;
    readonly retryAt: number;
    readonly wallNow: number;
  },
): Promise<void> {
  await batch(db, [
    sql`update batches set token = null, lease_until = null, retry_at = ${release.retryAt}
      where ${held(release.batchId, release.token)}`,
    sql`update attempts set ended_at = ${release.wallNow}, outcome = ${release.outcome}
      where batch_id = ${release.batchId} and number = ${release.number} and outcome is null`,
  ]);
}

/** A skipped delivery gives its step back: `item` becomes null. Fenced: only the holder of the batch may give up a member. */
function settle(
  settled: readonly Settled[],
  claim: { readonly batchId: number; readonly token: string; readonly now: number },
) {
  return sql`
    update deliveries set state = ${field("state")}, reason = ${field("reason")}, settled_at = ${claim.now},
      item = case when ${field("state")} = 'skipped' and kind = 'theme' then null else item end
    from ${jsonRows(settled)} r where deliveries.id = ${field("id")} and deliveries.state = 'planned'
      and exists (select 1 from batches where ${held(claim.batchId, claim.token)})`;
}
