import { and, eq, isNull, lte, ne, or, type SQL, sql } from "drizzle-orm";
import { batch } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { among } from "../../../platform/db/json-rows.ts";
import { prepared } from "../../../platform/db/prepared.ts";
import { type DatabaseMarks, marksColumns } from "../../../platform/db/read-marks.ts";
import { attempts, batches, deliveries, type PinnedMember, runs } from "../../../platform/db/schema/index.ts";
import { insertFrom } from "../../../platform/db/write.ts";
import type { Lane } from "../../../platform/guard/rate.ts";
import { BATCH_SIZE } from "../batch-size.ts";
import type { Kinds, Member } from "../kind.ts";

/** A batch that this consumer holds until its lease ends. `claims` counts this claim. */
export type ClaimedBatch = {
  readonly batchId: number;
  readonly idempotencyKey: string;
  readonly claims: number;
  readonly runId: number | null;
  readonly runStopped: string | null;
  readonly lastOutcome: string | null;
  /** The kinds of its planned deliveries, joined by commas. */
  readonly kinds: string | null;
} & DatabaseMarks;

/** A claim: the batch, the token that fences what its holder writes, and the number of its attempt. */
export type Claim = { readonly batchId: number; readonly token: string; readonly number: number };

type Held = { readonly batchId: number | SQL; readonly token: string | SQL };

/** Condition on `batches`: the claim still holds the batch. */
export function held(claim: Held): SQL {
  return sql`${batches.id} = ${claim.batchId} and ${batches.token} = ${claim.token} and ${batches.state} = 'sending'`;
}

/** Condition on `attempts`: it may have been taken without our knowing; `isUnknown` (attempt-outcome.ts) in SQL. */
export const maybeTaken: SQL = sql`(${attempts.outcome} is null or ${attempts.outcome} like 'unanswered:%')`;

/** The id of a member in `json_each` of an attempt's members. */
export const memberId: SQL = sql`case json_each.type when 'integer' then json_each.value else json_each.value ->> 'id' end`;

type Lease = { readonly token: string; readonly wallNow: number; readonly leaseMs: number };

const claimedColumns = {
  batchId: batches.id,
  idempotencyKey: batches.idempotencyKey,
  claims: batches.claims,
  runId: batches.runId,
  lastOutcome: batches.lastOutcome,
  // In brackets of its own, because a returning list takes the tables' names from columns that stand in it directly.
  runStopped: sql<
    string | null
  >`${sql`(select ${runs.stopReason} from ${runs} where ${runs.id} = ${batches.runId})`}`.as("run_stopped"),
  kinds: sql<string | null>`${sql`(select group_concat(distinct ${deliveries.kind}) from ${deliveries}
    where ${deliveries.batchId} = ${batches.id} and ${deliveries.state} = 'planned')`}`.as("kinds"),
  ...marksColumns(1),
};

const claim = prepared(
  { batchId: batches.id, token: batches.token, leaseUntil: batches.leaseUntil, wallNow: batches.leaseUntil },
  (db, of) =>
    db
      .update(batches)
      .set({
        state: "sending",
        token: of.token,
        leaseUntil: of.leaseUntil,
        retryAt: null,
        claims: sql`${batches.claims} + 1`,
      })
      .where(
        and(
          eq(batches.id, of.batchId),
          ne(batches.state, "done"),
          or(isNull(batches.leaseUntil), lte(batches.leaseUntil, of.wallNow)),
          or(isNull(batches.retryAt), lte(batches.retryAt, of.wallNow)),
        ),
      )
      .returning(claimedColumns),
);

/**
 * Takes a batch that is open, not leased and not backing off; null when there is none such, so that of two consumers
 * one gets it. `token` fences what the holder writes later.
 */
export async function claimBatch(
  db: Db,
  { leaseMs, ...lease }: Lease & { readonly batchId: number },
): Promise<ClaimedBatch | null> {
  const [row] = await claim(db, { ...lease, leaseUntil: lease.wallNow + leaseMs }).run();
  return row ?? null;
}

/** A batch that this claim holds, as it is now; null where another consumer has taken it over. */
export async function readClaimed(db: Db, claim: Claim): Promise<ClaimedBatch | null> {
  const [row] = await db.select(claimedColumns).from(batches).where(held(claim));
  return row ?? null;
}

/** Condition: deliveries that wait without a batch and without a run, their slot come, and leave by this lane. */
export function waitingIn(kinds: Kinds, lane: Lane, now: number): SQL {
  // The plus keeps SQLite from looking through all letters of a kind instead of the small index of those that wait.
  return sql`${deliveries.batchId} is null and ${deliveries.state} = 'planned' and ${deliveries.slotAt} <= ${now}
    and ${deliveries.runId} is null and ${among(sql`+${deliveries.kind}`, kinds.inLane(lane))}`;
}

/**
 * Gathers deliveries that wait without a batch into a new one, oldest first, 100 at most, and claims it, all at once; null where
 * none waits. `full`: more may wait. Of two consumers each delivery goes to one.
 */
export async function gatherBatch(
  db: Db,
  kinds: Kinds,
  gather: Lease & { readonly lane: Lane; readonly key: string; readonly now: number },
): Promise<(ClaimedBatch & { readonly full: boolean }) | null> {
  const waiting = waitingIn(kinds, gather.lane, gather.now);
  const first = sql`(select ${deliveries.id} as id, row_number() over (order by ${deliveries.slotAt}, ${deliveries.id}) - 1 as place
    from ${deliveries} where ${waiting} order by ${deliveries.slotAt}, ${deliveries.id} limit ${BATCH_SIZE}) first
    join ${batches} on ${batches.idempotencyKey} = ${gather.key}`;
  const { joined, claimed } = await batch(db, {
    made: insertFrom(
      batches,
      {
        lane: gather.lane,
        state: "sending",
        idempotencyKey: gather.key,
        enqueuedAt: gather.wallNow,
        token: gather.token,
        leaseUntil: gather.wallNow + gather.leaseMs,
        claims: 1,
      },
      sql`where exists (select 1 from ${deliveries} where ${waiting})`,
    ),
    joined: db
      .update(deliveries)
      .set({ batchId: sql`${batches.id}`, place: sql`first.place` })
      .from(first)
      .where(eq(deliveries.id, sql`first.id`)),
    claimed: db.select(claimedColumns).from(batches).where(eq(batches.idempotencyKey, gather.key)),
  });
  const [row] = claimed;
  return row === undefined ? null : { ...row, full: joined.meta.changes >= BATCH_SIZE };
}

/** The planned members of a claimed batch, each with where its recipient stands right now. One statement for each kind in it. */
export async function readMembers(
  db: Db,
  kinds: Kinds,
  claimed: Pick<ClaimedBatch, "batchId" | "kinds">,
  now: number,
): Promise<Member[]> {
  const members: Member[] = [];
  for (const name of claimed.kinds?.split(",") ?? []) {
    const { readMembers: read, lateAfterMs } = kinds.of(name);
    for (const member of await read(db, { batchId: claimed.batchId, now })) {
      members.push({ ...member, lateAfterMs });
    }
  }
  return members;
}

/** An attempt as it was stored. */
export type StoredAttempt = Pick<typeof attempts.$inferSelect, "frame" | "startedAt" | "outcome"> & {
  readonly members: readonly PinnedMember[];
};

/** The attempts of an open batch, oldest first. */
export async function readAttempts(db: Db, batchId: number): Promise<StoredAttempt[]> {
  const rows = await db
    .select({
      frame: attempts.frame,
      members: attempts.members,
      startedAt: attempts.startedAt,
      outcome: attempts.outcome,
    })
    .from(attempts)
    .where(eq(attempts.batchId, batchId))
    .orderBy(attempts.number);
  const pinned = new Map<number, PinnedMember>();
  return rows.map(({ members, ...row }) => {
    for (const member of members) if (typeof member === "object") pinned.set(member.id, member);
    const ids = members.map((member) => (typeof member === "object" ? member.id : member));
    return { ...row, members: ids.flatMap((id) => pinned.get(id) ?? []) };
  });
}

/** Whether an earlier attempt of a batch may have been taken without our knowing. */
export async function mayHaveBeenSent(db: Db, batchId: number): Promise<boolean> {
  const rows = await db
    .select({ id: attempts.id })
    .from(attempts)
    .where(and(eq(attempts.batchId, batchId), maybeTaken))
    .limit(1);
  return rows.length > 0;
}
