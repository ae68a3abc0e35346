import { and, eq, ne, type SQL, type SQLWrapper, sql } from "drizzle-orm";
import type { Db } from "../../../platform/db/client.ts";
import { attempts, batches, deliveries, deliveriesPersonal } from "../../../platform/db/schema/index.ts";
import { exportedColumns } from "../../../platform/db/schema/personal.ts";
import type { Kind, Kinds } from "../kind.ts";
import { maybeTaken, memberId } from "./claims.ts";
import { itemNames, shownKind } from "./letters.ts";

const UNION_MAX = 5;

/**
 * The deliveries of a subscriber, of every kind whose recipients are subscribers, with the sequence of each. By their anchors,
 * because the ledger has no index on recipients: `from own` gives kind, anchor and sequence.
 */
function ownAnchors(kinds: Kinds, subscriberId: number): SQL {
  const arms = kinds.all.flatMap((kind) => {
    const anchors = kind.anchorsOf(sql`${subscriberId}`);
    if (anchors === null) return [];
    return sql`select ${kind.name} as kind, ${anchors.anchor} as anchor, ${anchors.sequence} as sequence from ${anchors.from}`;
  });
  return sql`(${unionOf(arms)}) own`;
}

/** D1 takes five selects in one compound (measured; SQLite's own limit is 500), so more are put into brackets. */
function unionOf(arms: readonly SQL[]): SQL {
  if (arms.length <= UNION_MAX) return sql.join([...arms], sql` union all `);
  const inner = sql`select * from (${unionOf(arms.slice(UNION_MAX - 1))})`;
  return unionOf([...arms.slice(0, UNION_MAX - 1), inner]);
}

/** Everything that was planned for a subscriber, with what they are given of it, in the order of planning. */
export function lettersOf(db: Db, kinds: Kinds, subscriberId: number) {
  return db
    .select({
      deliveryId: deliveries.id,
      sequence: sql<string | null>`own.sequence`.as("sequence"),
      step: sql<string | null>`${itemNames(kinds)}`.as("step"),
      ...exportedColumns(deliveriesPersonal),
      kind: shownKind,
    })
    .from(ownAnchors(kinds, subscriberId))
    .innerJoin(deliveries, sql`${deliveries.kind} = own.kind and ${deliveries.anchor} = own.anchor`)
    .orderBy(deliveries.id);
}

/** Condition: a letter of the subscriber is in a batch that is still open and pinned by an attempt, with their address. */
export function hasOpenLetters(kinds: Kinds, subscriberId: number): SQL {
  return sql`exists (select 1 from ${ownAnchors(kinds, subscriberId)}
    cross join ${deliveries} on ${deliveries.kind} = own.kind and ${deliveries.anchor} = own.anchor
    join ${batches} on ${batches.id} = ${deliveries.batchId}
    where ${batches.state} <> 'done' and exists (select 1 from ${attempts} where ${attempts.batchId} = ${batches.id}))`;
}

/**
 * The letters of a subscriber that are on their way at this moment: an attempt that holds them was begun, and either it has no answer
 * yet or its answer was lost. By kind and anchor.
 */
export function lettersUnderWay(db: Db, kinds: Kinds, subscriberId: number) {
  return db
    .select({ kind: deliveries.kind, anchor: deliveries.anchor })
    .from(ownAnchors(kinds, subscriberId))
    .innerJoin(deliveries, sql`${deliveries.kind} = own.kind and ${deliveries.anchor} = own.anchor`)
    .innerJoin(batches, and(eq(batches.id, deliveries.batchId), ne(batches.state, sql`'done'`)))
    .where(
      sql`${deliveries.state} = 'planned' and exists (select 1 from ${attempts}, json_each(${attempts.members})
        where ${attempts.batchId} = ${batches.id} and ${maybeTaken} and ${memberId} = ${deliveries.id})`,
    );
}

/** What a link to a letter names: its kind, anchor and recipient; null where there is no such delivery. */
export async function findDelivery(db: Db, deliveryId: number) {
  const [row] = await db
    .select({ kind: deliveries.kind, anchor: deliveries.anchor, recipientId: deliveries.recipientId })
    .from(deliveries)
    .where(eq(deliveries.id, deliveryId));
  return row ?? null;
}

/** Statement: forgets the deliveries of a kind that hang on the anchors that a query gives, before those are forgotten, too. */
export function forgetDeliveries(db: Db, kind: Pick<Kind, "name">, anchors: SQLWrapper) {
  return db
    .delete(deliveries)
    .where(and(eq(deliveries.kind, kind.name), sql`${deliveries.anchor} in ${anchors}`));
}
