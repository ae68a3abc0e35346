import { and, eq, isNull, type SQL, sql } from "drizzle-orm";
import { batch, together } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { rowsOf } from "../../../platform/db/json-rows.ts";
import { prepared } from "../../../platform/db/prepared.ts";
import {
  type DatabaseMarks,
  guardNameColumn,
  journalSeenColumn,
  marksColumn,
  sealsColumn,
} from "../../../platform/db/read-marks.ts";
import {
  attempts,
  batches,
  deliveries,
  type MessageFrame,
  type PinnedMember,
  runs,
} from "../../../platform/db/schema/index.ts";
import { insertFrom } from "../../../platform/db/write.ts";
import type { AttemptOutcome } from "../attempt-outcome.ts";
import type { Kinds } from "../kind.ts";
import type { Accepted, Settled } from "../settled.ts";
import { accept } from "./accept.ts";
import { type Claim, held, memberId } from "./claims.ts";
import { freedItem } from "./freed-item.ts";
import { batchesOf, dropEmptyBatches } from "./plan-delivery.ts";

/** Condition, in a statement on another table: the claim still holds the batch. */
function heldElsewhere(claim: Parameters<typeof held>[0]): SQL {
  return sql`exists (select 1 from ${batches} where ${held(claim)})`;
}

/** More attempts than consumers can have stored between two that the Guard let through (wrangler.toml: 10 of 4 calls each). */
const SEALS = 48;

type When = { readonly wallNow: number; readonly now: number };

/** Condition: those called for stand as they were read, and the run of the batch was not stopped meanwhile. */
function standsAsRead(kinds: Kinds, called: readonly Called[]): SQL {
  const { from, of } = rowsOf(called);
  const now = kinds.byKind(of("kind"), (kind) => kind.standing(of("recipientId")), sql`null`);
  return sql`not exists (select 1 from ${from} where ${of("standing")} is not ${now})
    and not exists (select 1 from ${runs} where ${runs.id} = ${batches.runId} and ${runs.stopReason} is not null)`;
}

/** A recipient of a call, with their number of standing as it was read with whether they may be mailed. */
type Called = { readonly kind: string; readonly recipientId: number; readonly standing: number };

/**
 * Stores the attempt and what is settled without it, before the provider is called. Returns what the Guard asks of the database
 * (restore/ask-guard.ts), this attempt included; null, and nothing of the attempt stored, where another consumer has taken the batch
 * over, or where someone who would be mailed does not stand any more as they were read: then the batch is read and composed again.
 */
export async function beginAttempt(
  db: Db,
  kinds: Kinds,
  claim: Claim,
  attempt: When & {
    readonly frame: MessageFrame;
    /** Those that an earlier attempt of the batch has pinned, by their ids. */
    readonly members: ReadonlyArray<PinnedMember | number>;
    readonly called: readonly Called[];
    readonly settled: readonly Settled[];
  },
): Promise<DatabaseMarks | null> {
  const intent = {
    begun: insertFrom(
      attempts,
      {
        batchId: sql`${batches.id}`,
        number: claim.number,
        frame: attempt.frame,
        members: attempt.members,
        startedAt: attempt.wallNow,
        seal: claim.token,
      },
      sql`from ${batches} where ${held(claim)} and ${standsAsRead(kinds, attempt.called)}`,
    ).returning({
      // The sequence and the table show this attempt only once its statement is over.
      marks: sql<string>`json_set(${marksColumn}, '$.attempts', ${attempts.id})`,
      seals: sql<string>`json_set(${sealsColumn(SEALS)}, '$."' || ${attempts.id} || '"', ${attempts.seal})`,
      guardName: sql<string | null>`${guardNameColumn}`,
      journalSeen: sql<number>`${journalSeenColumn}`,
    }),
  };
  const { begun } = await batch(db, together(intent, settle(db, kinds, attempt.settled, claim, attempt.now)));
  return begun[0] ?? null;
}

/** What was skipped may be free again. Fenced: only the holder of the batch may give up a member. */
function settle(db: Db, kinds: Kinds, settled: readonly Settled[], claim: Claim, now: number) {
  if (settled.length === 0) return {};
  const rows = rowsOf(settled);
  return {
    settled: db
      .update(deliveries)
      .set({
        state: rows.of("state"),
        reason: rows.of("reason"),
        settledAt: now,
        item: freedItem(kinds, sql`${rows.of("state")} = 'skipped'`),
      })
      .from(rows.from)
      .where(and(eq(deliveries.id, rows.of("id")), eq(deliveries.state, "planned"), heldElsewhere(claim))),
  };
}

const ending = { batchId: batches.id, token: batches.token, outcome: batches.lastOutcome };

const endAttempts = prepared(
  { ...ending, number: attempts.number, wallNow: attempts.endedAt },
  (db, { number, outcome, wallNow, ...claim }) =>
    db
      .update(attempts)
      .set({
        endedAt: sql`coalesce(${attempts.endedAt}, ${wallNow})`,
        outcome: sql`case when ${attempts.number} = ${number} then ${outcome} else ${attempts.outcome} end`,
        members: sql`(select json_group_array(${memberId}) from json_each(${attempts.members}))`,
      })
      .where(and(eq(attempts.batchId, claim.batchId), heldElsewhere(claim))),
);

const endBatch = prepared(ending, (db, { outcome, ...claim }) =>
  db
    .update(batches)
    .set({ state: "done", token: null, leaseUntil: null, lastOutcome: outcome })
    .where(held(claim)),
);

/** Ends the attempts of a batch, which keep ids only from here on, and the batch. */
function close(db: Db, claim: Claim, outcome: string, wallNow: number) {
  return {
    attemptsEnded: endAttempts(db, { ...claim, outcome, wallNow }),
    batchEnded: endBatch(db, { ...claim, outcome }),
  };
}

/**
 * Ends a batch: ids of accepted members, how the others ended, the attempt's outcome. The ledger moves forward only. An id
 * is true whoever holds the batch; all else is written only while the claim is ours. Members of `parts` move to a new batch each,
 * under its key: what was left out, or the halves of a batch whose every attempt was refused. Returns the new batches' ids.
 */
export async function finishBatch(
  db: Db,
  kinds: Kinds,
  claim: Claim,
  end: When & {
    readonly outcome: string;
    readonly accepted: readonly Accepted[];
    readonly settled: readonly Settled[];
    readonly parts?: readonly Part[];
  },
): Promise<number[]> {
  const { parts = [] } = end;
  const keys = parts.map(({ key }) => key);
  const results = await batch(
    db,
    together(
      accept(db, end.accepted, end.now),
      settle(db, kinds, end.settled, claim, end.now),
      parts.length === 0 ? {} : moveTo(db, claim, parts, end.wallNow),
      close(db, claim, end.outcome, end.wallNow),
      parts.length === 0 ? {} : { parted: batchesOf(db, keys) },
    ),
  );
  return "parted" in results ? results.parted.map(({ id }) => id) : [];
}

/** Gives the batch back until `retryAt`, with how the attempt (if one was made) ended and what can be settled already. */
export async function releaseBatch(
  db: Db,
  kinds: Kinds,
  claim: Claim,
  release: When & {
    readonly outcome: AttemptOutcome | null;
    readonly why: string;
    readonly settled: readonly Settled[];
    readonly retryAt: number;
  },
): Promise<void> {
  const { outcome } = release;
  const ended = db
    .update(attempts)
    .set({ endedAt: release.wallNow, outcome })
    .where(
      and(eq(attempts.batchId, claim.batchId), eq(attempts.number, claim.number), isNull(attempts.outcome)),
    );
  const released = db
    .update(batches)
    .set({ token: null, leaseUntil: null, retryAt: release.retryAt, lastOutcome: release.why })
    .where(held(claim));
  await batch(
    db,
    together(settle(db, kinds, release.settled, claim, release.now), outcome === null ? {} : { ended }, {
      released,
    }),
  );
}

/** Planned members that get a new batch of their own. */
type Part = { readonly key: string; readonly ids: readonly number[] };

/** Makes the new batches, and moves into them what is still planned of their members. */
function moveTo(db: Db, claim: Claim, parts: readonly Part[], wallNow: number) {
  const keys = parts.map((part) => part.key);
  const rows = rowsOf(parts.flatMap(({ key, ids }) => ids.map((id, place) => ({ key, id, place }))));
  return {
    made: insertFrom(
      batches,
      {
        lane: sql`${batches.lane}`,
        runId: sql`${batches.runId}`,
        idempotencyKey: sql`keys.value`,
        enqueuedAt: wallNow,
      },
      sql`from ${batches}, json_each(${JSON.stringify(keys)}) keys where ${held(claim)}`,
    ),
    moved: db
      .update(deliveries)
      .set({ batchId: sql`${batches.id}`, place: rows.of("place") })
      .from(sql`${rows.from} join ${batches} on ${batches.idempotencyKey} = ${rows.of("key")}`)
      .where(
        and(
          eq(deliveries.id, rows.of("id")),
          eq(deliveries.state, "planned"),
          eq(deliveries.batchId, claim.batchId),
        ),
      ),
    dropped: dropEmptyBatches(db, keys),
  };
}
