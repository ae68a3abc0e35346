import { and, desc, eq, gte, isNotNull, lte, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import { batch, together } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { among, rowsOf } from "../../../platform/db/json-rows.ts";
import { attempts, deliveries, renditions } from "../../../platform/db/schema/index.ts";
import type { Doer } from "../../acts/act.ts";
import { recordAct } from "../../acts/queries/acts.ts";
import type { Kinds } from "../kind.ts";
import type { Accepted } from "../settled.ts";
import { type Again, copyUnsent, isSentAgain, NEVER_SENT } from "./copies.ts";
import { countAccepted } from "./count-letters.ts";
import { isFreed } from "./freed-item.ts";
import { idsOf } from "./letters.ts";
import { unresolved } from "./unresolved.ts";

const other = alias(deliveries, "other");
const taken = alias(attempts, "taken");
const LETTERS_MAX = 1000;
/** Condition: of the batch of `taken` letters are known that the provider took. */
const wasTaken = sql`exists (select 1 from ${deliveries} other where ${other.batchId} = ${taken.batchId} and ${other.providerId} is not null)`;

/**
 * Uncertain letters as they may be looked for: the given ones, or those of lately (`since`), newest first; at most 1,000. `from` and `until`
 * are when the first and the last attempt of its batch began, or its slot and the time after it in which it could have left. `isTraced`:
 * all of its attempts are known, which a restore may have lost. `answeredAt` is when the provider took a letter of ours again
 * after the last attempt; null where it hasn't.
 */
export function readUncertain(
  db: Db,
  kinds: Kinds,
  which: { readonly ids: readonly number[] | null; readonly since: number; readonly lateAfterMs: number },
) {
  const attempted = (at: SQL) =>
    sql`(select ${at} from ${attempts} where ${attempts.batchId} = ${deliveries.batchId})`;
  const last = attempted(sql`max(${attempts.startedAt})`);
  const until = sql`${deliveries.slotAt} + ${sql.raw(String(which.lateAfterMs))}`;
  return db
    .select({
      id: deliveries.id,
      kind: deliveries.kind,
      slotAt: deliveries.slotAt,
      address: sql<string>`${mailbox(kinds, "address")}`,
      firstName: sql<string>`${mailbox(kinds, "firstName")}`,
      subject: renditions.subject,
      language: renditions.language,
      from: sql<number>`coalesce(${attempted(sql`min(${attempts.startedAt})`)}, ${deliveries.slotAt})`,
      until: sql<number>`coalesce(${last}, ${until})`,
      isTraced: sql<0 | 1>`${deliveries.reason} <> 'restored' and ${last} is not null`,
      answeredAt: sql<
        number | null
      >`(select min(${taken.startedAt}) from ${attempts} taken where ${taken.outcome} = 'accepted:' and ${taken.startedAt} > ${last})`,
    })
    .from(deliveries)
    .innerJoin(renditions, eq(renditions.id, deliveries.renditionId))
    .where(
      and(
        unresolved("uncertain"),
        which.ids === null ? gte(deliveries.settledAt, which.since) : among(deliveries.id, which.ids),
      ),
    )
    .orderBy(desc(deliveries.id))
    .limit(LETTERS_MAX);
}

/**
 * The ids of our letters at the provider that were called for between the last such call before `from`, less `marginMs` (a call may take
 * a while), and `until`; null where that are more than `limit`.
 */
export async function readTaken(
  db: Db,
  which: {
    readonly from: number;
    readonly until: number;
    readonly marginMs: number;
    readonly limit: number;
  },
): Promise<ReadonlySet<string> | null> {
  const { from, until, marginMs, limit } = which;
  const before = sql`(select max(${taken.startedAt}) from ${attempts} taken where ${wasTaken} and ${taken.startedAt} < ${from})`;
  const rows = await db
    .select({ providerId: deliveries.providerId })
    .from(taken)
    .innerJoin(deliveries, eq(deliveries.batchId, taken.batchId))
    .where(
      and(
        gte(taken.startedAt, sql`coalesce(${before}, ${from}) - ${marginMs}`),
        lte(taken.startedAt, until),
        isNotNull(deliveries.providerId),
      ),
    )
    .limit(limit + 1);
  return rows.length > limit ? null : new Set(rows.flatMap(({ providerId }) => providerId ?? []));
}

/**
 * Makes letters accepted that were uncertain and turned out to be sent. An id that another letter of the same anchor, or of
 * another of the recipient's anchors of that kind, has is not theirs.
 */
export async function acceptFound(
  db: Db,
  kinds: Kinds,
  found: readonly Accepted[],
  { now, by }: { readonly now: number; readonly by: Doer },
): Promise<number> {
  const rows = rowsOf(found);
  const others = kinds.all.flatMap((kind) => {
    const anchors = kind.anchorsOf(sql`${deliveries.recipientId}`);
    if (anchors === null) return [];
    return sql`not exists (select 1 from ${deliveries} other where ${other.kind} = ${kind.name}
      and ${other.providerId} = ${rows.of("providerId")}
      and ${other.anchor} in (select ${anchors.anchor} from ${anchors.from}))`;
  });
  const theirs = and(eq(deliveries.id, rows.of("id")), eq(deliveries.state, "uncertain"), ...others);
  const { accepted } = await batch(db, {
    act: recordAct(
      by,
      {
        at: now,
        verb: "reconcile_letters",
        object: "letters",
        changed: sql`(select json_object('letters', count(*), 'first', min(${deliveries.id}), 'last', max(${deliveries.id}))
          from ${deliveries}, ${rows.from} where ${theirs})`,
      },
      sql`exists (select 1 from ${deliveries}, ${rows.from} where ${theirs})`,
    ),
    counted: countAccepted(found, sql`${deliveries.settledAt}`, sql`('uncertain')`, and(...others)),
    accepted: db
      .update(deliveries)
      // `settledAt` stays: by then it was with its reader.
      .set({ state: "accepted", providerId: rows.of("providerId"), reason: null })
      .from(rows.from)
      .where(theirs)
      .returning({ id: deliveries.id }),
  });
  return accepted.length;
}

/**
 * Ends letters that turned out not to have been sent. Where a skip frees its item, and no copy of it counts, they're skipped, so that the same is
 * planned again in the next slot. The others failed; those of `again` are planned once more in the same transaction. Returns how many ended, and the
 * batches of those that come again.
 */
export async function freeUnsent(
  db: Db,
  kinds: Kinds,
  unsent: { readonly ids: readonly number[]; readonly again: Again },
  { now, wallNow, by }: { readonly now: number; readonly wallNow: number; readonly by: Doer },
) {
  const open = sql`${unresolved("uncertain")} and ${among(deliveries.id, unsent.ids)}`;
  // What the owner has sent again meanwhile isn't free, or it would come a second time.
  const isFree = sql`(${isFreed(kinds)} and not ${isSentAgain})`;
  const { freed, made } = await batch(
    db,
    together(
      {
        act: recordAct(
          by,
          { at: now, verb: "free_letters", object: "letters", changed: idsOf(open) },
          sql`exists (select 1 from ${deliveries} where ${open})`,
        ),
        freed: db
          .update(deliveries)
          .set({
            state: sql`case when ${isFree} then 'skipped' else 'failed' end`,
            reason: NEVER_SENT,
            settledAt: now,
            item: sql`case when ${isFree} then null else ${deliveries.item} end`,
          })
          .where(open)
          .returning({ id: deliveries.id }),
      },
      copyUnsent(db, unsent.again, { now, wallNow }),
    ),
  );
  return { freed: freed.length, batches: made };
}

/** An address or first name of the recipients, by their kinds. */
function mailbox(kinds: Kinds, what: "address" | "firstName"): SQL {
  return kinds.byKind(
    sql`${deliveries.kind}`,
    (kind) => kind.mailbox(sql`${deliveries.recipientId}`)[what],
    sql`''`,
  );
}
