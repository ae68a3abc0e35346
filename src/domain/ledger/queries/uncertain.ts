import { and, desc, eq, gte, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import { batch } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { among, rowsOf } from "../../../platform/db/json-rows.ts";
import { attempts, deliveries, renditions } from "../../../platform/db/schema/index.ts";
import type { Doer } from "../../acts/act.ts";
import { recordAct } from "../../acts/queries/acts.ts";
import type { Kinds } from "../kind.ts";
import type { Accepted } from "../settled.ts";
import { unresolved } from "./unresolved.ts";

const other = alias(deliveries, "other");
const LETTERS_MAX = 100;

/**
 * Uncertain letters as they may be looked for: the given ones, or those of lately (`since`), newest first; at most 100. Only of
 * kinds of which one can be told from another. `from` and `until` are the times of its batch's attempts, or its slot and the
 * time after it in which it could have left.
 */
export function readUncertain(
  db: Db,
  kinds: Kinds,
  which: { readonly ids: readonly number[] | null; readonly since: number; readonly lateAfterMs: number },
) {
  const attempted = (at: SQL) =>
    sql`(select ${at} from ${attempts} where ${attempts.batchId} = ${deliveries.batchId})`;
  const until = sql`${deliveries.slotAt} + ${sql.raw(String(which.lateAfterMs))}`;
  return db
    .select({
      id: deliveries.id,
      address: sql<string>`${mailbox(kinds, "address")}`,
      firstName: sql<string>`${mailbox(kinds, "firstName")}`,
      subject: renditions.subject,
      from: sql<number>`coalesce(${attempted(sql`min(${attempts.startedAt})`)}, ${deliveries.slotAt})`,
      until: sql<number>`coalesce(${attempted(sql`max(${attempts.startedAt})`)}, ${until})`,
    })
    .from(deliveries)
    .innerJoin(renditions, eq(renditions.id, deliveries.renditionId))
    .where(
      and(
        unresolved("uncertain"),
        among(
          deliveries.kind,
          kinds.namesWhere(({ foundBySubject }) => foundBySubject),
        ),
        which.ids === null ? gte(deliveries.settledAt, which.since) : among(deliveries.id, which.ids),
      ),
    )
    .orderBy(desc(deliveries.id))
    .limit(LETTERS_MAX);
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
  const taken = kinds.all.flatMap((kind) => {
    const anchors = kind.anchorsOf(sql`${deliveries.recipientId}`);
    if (anchors === null) return [];
    return sql`not exists (select 1 from ${deliveries} other where ${other.kind} = ${kind.name}
      and ${other.providerId} = ${rows.of("providerId")}
      and ${other.anchor} in (select ${anchors.anchor} from ${anchors.from}))`;
  });
  const theirs = and(eq(deliveries.id, rows.of("id")), eq(deliveries.state, "uncertain"), ...taken);
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

/** An address or first name of the recipients, by their kinds. */
function mailbox(kinds: Kinds, what: "address" | "firstName"): SQL {
  return kinds.byKind(
    sql`${deliveries.kind}`,
    (kind) => kind.mailbox(sql`${deliveries.recipientId}`)[what],
    sql`''`,
  );
}
