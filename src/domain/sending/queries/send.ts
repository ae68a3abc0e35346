import { sql } from "drizzle-orm";
import { batch } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { field, jsonRows } from "../../../platform/db/json-rows.ts";
import {
  type DatabaseMarks,
  guardNameColumn,
  journalSeenColumn,
  marksColumn,
  sealsColumn,
} from "../../../platform/db/read-marks.ts";
import type { AttemptOutcome } from "../../ledger/attempt-outcome.ts";
import { inForce } from "../../people/queries/opting-out.ts";
import type { Member, PinnedMember, Settled, StoredAttempt } from "../compose-attempt.ts";
import type { MessageFrame } from "../message-frame.ts";

/** A batch that this consumer holds until its lease ends. `claims` counts this claim. */
export type ClaimedBatch = {
  readonly idempotencyKey: string;
  readonly claims: number;
  readonly runId: number | null;
  readonly runStopped: string | null;
  readonly lastOutcome: string | null;
} & DatabaseMarks;

/** A claim: the batch, the token that fences what its holder writes, and the number of its attempt. */
export type Claim = { readonly batchId: number; readonly token: string; readonly number: number };

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
    returning idempotency_key as idempotencyKey, claims, run_id as runId, last_outcome as lastOutcome,
      (select stop_reason from runs r where r.id = batches.run_id) as runStopped,
      ${marksColumn} as marks, ${sealsColumn(1)} as seals, ${guardNameColumn} as guardName, ${journalSeenColumn} as journalSeen`);
  return row ?? null;
}

/** The members of a batch that are still planned, in call order, with where each person stands right now. */
export function readMembers(db: Db, batchId: number, now: number): Promise<Member[]> {
  return db.all<Member>(sql`
    select d.id as id, coalesce(o.kind, d.kind) as kind, coalesce(o.anchor, d.anchor) as anchor, d.kind as ledgerKind,
      d.anchor as ledgerAnchor, d.round as round, coalesce(d.item, d.intended_item) as item, d.slot_at as slotAt,
      coalesce(d.released_at, d.slot_at) as fromAt, d.rendition_id as renditionId,
      s.id as subscriberId, s.address as address, s.address_hash as addressHash, s.first_name as firstName, s.state as subscriber,
      e.state as enrollment, e.next_due_at as nextDueAt, e.time_zone as timeZone,
      case when c.id is null then null when c.denied_at is not null then 'denied'
        when c.confirmed_at is null then 'pending' else 'confirmed' end as consent,
      case when a.id is null then null when a.confirmed_at is null then 'asked' else 'confirmed' end as erasure,
      coalesce(c.requested_at, a.asked_at) as requestedAt, x.reason as suppression, x.at as suppressedAt,
      q.slug as sequenceSlug, q.title as sequenceTitle, t.slug as stepSlug
    from deliveries d join subscribers s on s.id = d.recipient_id
      left join deliveries o on d.kind = 'repeat' and o.id = d.anchor
      left join enrollments e on coalesce(o.kind, d.kind) in ('theme', 'welcome') and e.id = coalesce(o.anchor, d.anchor)
      left join consents c on coalesce(o.kind, d.kind) = 'confirmation' and c.id = coalesce(o.anchor, d.anchor)
      left join erasures a on coalesce(o.kind, d.kind) = 'notice' and a.id = coalesce(o.anchor, d.anchor)
      left join sequences q on q.id = coalesce(e.sequence_id, c.sequence_id)
      left join steps t on coalesce(o.kind, d.kind) = 'theme' and t.id = d.intended_item
      left join suppressions x on x.address_hash = s.address_hash and ${inForce(now)}
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

/** Whether the claim is still ours, as a condition on `batches`. */
function held(claim: Pick<Claim, "batchId" | "token">) {
  return sql`id = ${claim.batchId} and token = ${claim.token} and state = 'sending'`;
}

/** More attempts than consumers can have stored between two that the Guard let through (wrangler.toml: 10 of 4 calls each). */
const SEALS = 48;

type When = { readonly wallNow: number; readonly now: number };

/**
 * Stores the attempt and what is settled without it, before the provider is called. Returns what the
 * Guard asks of the database (see ask-guard.ts), this attempt included; null, and nothing stored, where another consumer has
 * taken the batch over.
 */
export async function beginAttempt(
  db: Db,
  claim: Claim,
  attempt: When & {
    readonly frame: MessageFrame;
    readonly members: readonly PinnedMember[];
    readonly settled: readonly Settled[];
  },
): Promise<DatabaseMarks | null> {
  const insert = sql`
    insert into attempts (batch_id, number, frame, members, started_at, seal)
    select id, ${claim.number}, ${JSON.stringify(attempt.frame)}, ${JSON.stringify(attempt.members)},
      ${attempt.wallNow}, ${claim.token} from batches
    where ${held(claim)}
    returning json_set(${marksColumn}, '$.attempts', id) as marks,
      json_set(${sealsColumn(SEALS)}, '$."' || id || '"', seal) as seals, ${guardNameColumn} as guardName,
      ${journalSeenColumn} as journalSeen`;
  const [rows] = await batch(db, [insert, ...settle(attempt.settled, claim, attempt.now)]);
  const [begun] = rows as DatabaseMarks[];
  return begun ?? null;
}

/** Ids of accepted members: true whoever holds the batch, and whatever was given up meanwhile for want of them. */
function accept(accepted: ReadonlyArray<{ readonly id: number; readonly providerId: string }>, now: number) {
  if (accepted.length === 0) return [];
  return [
    sql`
    update deliveries set state = 'accepted', provider_id = ${field("providerId")}, settled_at = ${now}, reason = null
    from ${jsonRows(accepted)} r where deliveries.id = ${field("id")} and deliveries.state in ('planned', 'uncertain')`,
  ];
}

/** Ends the attempts of a batch, which keep ids only from here on, and the batch. */
function close(claim: Claim, outcome: string, wallNow: number) {
  return [
    sql`
    update attempts set ended_at = coalesce(ended_at, ${wallNow}),
      outcome = case when number = ${claim.number} then ${outcome} else outcome end,
      members = (select json_group_array(value ->> 'id') from json_each(members))
    where batch_id = ${claim.batchId} and exists (select 1 from batches where ${held(claim)})`,
    sql`update batches set state = 'done', token = null, lease_until = null, last_outcome = ${outcome}
      where ${held(claim)}`,
  ];
}

/**
 * Ends a batch: ids of accepted members, how the others ended, the attempt's outcome. The ledger moves forward only. An id
 * is true whoever holds the batch; all else is written only while the claim is ours.
 */
export async function finishBatch(
  db: Db,
  claim: Claim,
  end: When & {
    readonly outcome: string;
    readonly accepted: ReadonlyArray<{ readonly id: number; readonly providerId: string }>;
    readonly settled: readonly Settled[];
  },
): Promise<void> {
  await batch(db, [
    ...accept(end.accepted, end.now),
    ...settle(end.settled, claim, end.now),
    ...close(claim, end.outcome, end.wallNow),
  ]);
}

/** Gives the batch back until `retryAt`, with how the attempt (if one was made) ended and what can be settled already. */
export async function releaseBatch(
  db: Db,
  claim: Claim,
  release: When & {
    readonly outcome: AttemptOutcome | null;
    readonly why: string;
    readonly settled: readonly Settled[];
    readonly retryAt: number;
  },
): Promise<void> {
  const ended = sql`update attempts set ended_at = ${release.wallNow}, outcome = ${release.outcome}
    where batch_id = ${claim.batchId} and number = ${claim.number} and outcome is null`;
  await batch(db, [
    ...settle(release.settled, claim, release.now),
    ...(release.outcome === null ? [] : [ended]),
    sql`update batches set token = null, lease_until = null, retry_at = ${release.retryAt}, last_outcome = ${release.why}
      where ${held(claim)}`,
  ]);
}

/**
 * Halves a batch whose every attempt was refused: its planned members move to two new batches under the given new keys, and
 * it is done. All or nothing, and only while the claim is ours. Returns the new batches' ids.
 */
export async function halveBatch(
  db: Db,
  claim: Claim,
  halves: When & {
    readonly outcome: AttemptOutcome;
    readonly parts: ReadonlyArray<{ readonly key: string; readonly ids: readonly number[] }>;
  },
): Promise<number[]> {
  const keys = halves.parts.map((part) => part.key);
  const rows = halves.parts.flatMap(({ key, ids }) => ids.map((id, place) => ({ key, id, place })));
  const results = await batch(db, [
    sql`
      insert into batches (lane, run_id, idempotency_key, enqueued_at)
      select b.lane, b.run_id, k.value, ${halves.wallNow} from batches b, json_each(${JSON.stringify(keys)}) k
      where b.${held(claim)}`,
    sql`
      update deliveries set batch_id = b.id, place = ${field("place")}
      from ${jsonRows(rows)} r join batches b on b.idempotency_key = ${field("key")}
      where deliveries.id = ${field("id")} and deliveries.state = 'planned' and deliveries.batch_id = ${claim.batchId}`,
    ...close(claim, halves.outcome, halves.wallNow),
    sql`select id from batches where idempotency_key in (select value from json_each(${JSON.stringify(keys)}))`,
  ]);
  return (results.at(-1) as { id: number }[]).map((row) => row.id);
}

/** A skipped delivery gives its step back: `item` becomes null. Fenced: only the holder of the batch may give up a member. */
function settle(settled: readonly Settled[], claim: Claim, now: number) {
  if (settled.length === 0) return [];
  return [
    sql`
    update deliveries set state = ${field("state")}, reason = ${field("reason")}, settled_at = ${now},
      item = case when ${field("state")} = 'skipped' and kind = 'theme' then null else item end
    from ${jsonRows(settled)} r where deliveries.id = ${field("id")} and deliveries.state = 'planned'
      and exists (select 1 from batches where ${held(claim)})`,
  ];
}
