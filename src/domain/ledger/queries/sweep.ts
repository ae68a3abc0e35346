import { and, eq, isNull, lte, ne, or, type SQL, sql } from "drizzle-orm";
import type { Db } from "../../../platform/db/client.ts";
import { batches, deliveries } from "../../../platform/db/schema/index.ts";
import type { Lane } from "../../../platform/guard/rate.ts";
import type { Kinds } from "../kind.ts";
import { waitingIn } from "./claims.ts";
import { unresolved } from "./unresolved.ts";

type OpenBatch = { readonly id: number; readonly lane: Lane };

/** Condition: nobody holds the batch, by a lease that is not over. */
function unleased(wallNow: number): SQL | undefined {
  return or(isNull(batches.leaseUntil), lte(batches.leaseUntil, wallNow));
}

/**
 * Open batches of a lane whose lease and backoff are over and that were last put on a queue before `enqueuedBefore`; they are
 * marked as enqueued now, so that the next sweep leaves them alone for a while. Their ids, at most `limit`, oldest first.
 */
export async function takeStrandedBatches(
  db: Db,
  lane: Lane,
  times: { readonly wallNow: number; readonly enqueuedBefore: number },
  limit: number,
): Promise<number[]> {
  const stranded = db
    .select({ id: batches.id })
    .from(batches)
    .where(
      and(
        ne(batches.state, sql`'done'`),
        eq(batches.lane, lane),
        lte(batches.enqueuedAt, times.enqueuedBefore),
        unleased(times.wallNow),
        or(isNull(batches.retryAt), lte(batches.retryAt, times.wallNow)),
      ),
    )
    .orderBy(batches.enqueuedAt)
    .limit(limit);
  const taken = await db
    .update(batches)
    .set({ enqueuedAt: times.wallNow })
    .where(sql`${batches.id} in ${stranded}`)
    .returning({ id: batches.id });
  return taken.map(({ id }) => id).sort((a, b) => a - b);
}

/** All batches that are not done, oldest first. */
export function listOpenBatches(db: Db): Promise<OpenBatch[]> {
  return db
    .select({ id: batches.id, lane: batches.lane })
    .from(batches)
    .where(ne(batches.state, sql`'done'`))
    .orderBy(batches.id);
}

/** The lanes in which deliveries wait for a batch, their slot come before `slotBefore`. */
export async function lanesWaiting(db: Db, kinds: Kinds, slotBefore: number): Promise<Lane[]> {
  const lanes = ["confirmations", "letters"] satisfies Lane[];
  const waits = (lane: Lane) =>
    sql<0 | 1>`exists (select 1 from ${deliveries} where ${waitingIn(kinds, lane, slotBefore)})`;
  const [row] = await db
    .select({
      confirmations: waits("confirmations").as("confirmations"),
      letters: waits("letters").as("letters"),
    })
    .from(sql`(select 1)`);
  return lanes.filter((lane) => row?.[lane] === 1);
}

/**
 * Ends the wait of a lane's open batches that only a switch kept back (or a refusal that the owner has mended since): the next
 * sweep takes them. Returns how many.
 */
export async function endWaiting(db: Db, lane: Lane, wallNow: number): Promise<number> {
  const ended = await db
    .update(batches)
    .set({ enqueuedAt: 0, retryAt: null })
    .where(
      and(
        ne(batches.state, sql`'done'`),
        eq(batches.lane, lane),
        unleased(wallNow),
        sql`coalesce(${batches.lastOutcome}, '') not like 'unanswered%'`,
      ),
    );
  return ended.meta.changes;
}

/** The oldest batch that is not done; what was let through before it has its fate in the ledger. */
export async function firstOpenBatch(db: Db): Promise<number> {
  const [row] = await db
    .select({ id: sql<number | null>`min(${batches.id})` })
    .from(batches)
    .where(ne(batches.state, sql`'done'`));
  return row?.id ?? Number.MAX_SAFE_INTEGER;
}

/** Columns of what `openFiguresOf` makes figures of, to be selected along. */
export function openColumns() {
  const open = sql`from ${batches} where ${batches.state} <> 'done'`;
  const slot = sql`min(coalesce(${deliveries.releasedAt}, ${deliveries.slotAt}))`;
  return {
    inBatch: sql<number | null>`(select ${slot} from ${deliveries} where ${deliveries.state} = 'planned'
      and ${deliveries.batchId} = (select min(${batches.id}) ${open}))`.as("in_batch"),
    waiting: sql<number | null>`(select min(${deliveries.slotAt}) from ${deliveries}
      where ${deliveries.batchId} is null and ${deliveries.state} = 'planned')`.as("waiting"),
    openBatches: sql<number>`(select count(*) ${open})`.as("open_batches"),
    oldestLeaseUntil: sql<number | null>`(select min(${batches.leaseUntil}) ${open})`.as("oldest_lease"),
  };
}

type OpenRow = {
  readonly inBatch: number | null;
  readonly waiting: number | null;
  readonly openBatches: number;
  readonly oldestLeaseUntil: number | null;
};

/**
 * Figures for /healthz: the slot of the first letter that waits in an open batch or without one, how many batches are open, and
 * how long the longest claimed one has been without its holder (wall clock).
 */
export function openFiguresOf({ inBatch, waiting, openBatches, oldestLeaseUntil }: OpenRow) {
  const slots = [inBatch, waiting].filter((at) => at !== null);
  return { oldestPlannedAt: slots.length === 0 ? null : Math.min(...slots), openBatches, oldestLeaseUntil };
}

/** Reads them by themselves. */
export async function readOpenFigures(db: Db) {
  const [row] = await db.select(openColumns()).from(sql`(select 1)`);
  return openFiguresOf(row ?? { inBatch: null, waiting: null, openBatches: 0, oldestLeaseUntil: null });
}

/** Whether letters wait for someone: held ones whose time is over, and uncertain ones of lately. */
export function unresolvedWork(times: { readonly heldBefore: number; readonly uncertainSince: number }) {
  return {
    held: sql<0 | 1>`exists (select 1 from ${deliveries} where ${unresolved("held")}
      and ${deliveries.settledAt} <= ${times.heldBefore})`.as("held"),
    uncertain: sql<0 | 1>`exists (select 1 from ${deliveries} where ${unresolved("uncertain")}
      and ${deliveries.settledAt} >= ${times.uncertainSince})`.as("uncertain"),
  };
}
