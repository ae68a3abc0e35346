import { and, desc, eq, lt, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import { run } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { rowsOf } from "../../../platform/db/json-rows.ts";
import { acts } from "../../../platform/db/schema/index.ts";
import { insertFrom, onConflict, type Write } from "../../../platform/db/write.ts";
import type { GuardAct } from "../../../platform/guard/guard-port.ts";
import type { Act, ActVerb, Doer } from "../act.ts";

const ONCE = onConflict(acts, ["requestId", "verb", "object", "stage"]);

/**
 * Statement: keeps a settled act, where `condition` holds, in the transaction of the change. The fields that changed must have gone
 * through `keptFields`; what only the transaction knows may be a SQL expression that gives JSON. The same act of the same request
 * is kept once.
 */
export function recordAct(
  by: Doer,
  act: Omit<Act, "changed"> & { readonly changed: Act["changed"] | SQL },
  condition: SQL = sql`true`,
): Write {
  return insertFrom(acts, { ...act, ...by, stage: "settled" }, sql`where ${condition} ${ONCE}`);
}

/**
 * Statement: keeps a settled act of something done in several transactions, and counts into its `field` how many rows the statement
 * before it changed; without any, there is no act.
 */
export function countIntoAct(by: Doer, act: Omit<Act, "changed">, field: string): Write {
  const path = `$.${field}`;
  return insertFrom(
    acts,
    { ...act, ...by, changed: sql`json_object(${field}, changes())`, stage: "settled" },
    sql`where changes() > 0 ${onConflict(acts, ["requestId", "verb", "object", "stage"], {
      set: {
        changed: sql`json_set(${acts.changed}, ${path}, json_extract(${acts.changed}, ${path}) + changes())`,
      },
    })}`,
  );
}

/** Keeps that something outside this database is about to be done. The act is settled when its outcome is known. */
export async function recordIntent(db: Db, by: Doer, act: Act): Promise<void> {
  await run(db, insertFrom(acts, { ...act, ...by, stage: "intent" }, sql`where true ${ONCE}`));
}

/** Keeps acts of the Guard as settled, each once, however often they are handed over. */
export async function copyActs(db: Db, kept: readonly GuardAct[]): Promise<void> {
  const { from, of } = rowsOf(kept.map((act) => ({ ...act, changed: JSON.stringify(act.changed) })));
  const values = {
    at: of("at"),
    actor: of("actor"),
    verb: of("verb"),
    object: of("object"),
    changed: sql`${of("changed")}`,
    requestId: of("requestId"),
    stage: "settled" as const,
  };
  await run(db, insertFrom(acts, values, sql`from ${from} where true ${ONCE}`));
}

const other = alias(acts, "other");

/** Condition: an act that is settled, or an intent of which nobody knows yet what came of it. */
const shown = sql`(${acts.stage} = 'settled' or not exists (select 1 from ${acts} other where ${other.requestId} = ${acts.requestId}
  and ${other.verb} = ${acts.verb} and ${other.stage} = 'settled'))`;

/** Condition: this request's act of that verb is there. What stands behind it in a batch happens only where the act does. */
export function acted(by: Doer, verb: ActVerb): SQL {
  return sql`exists (select 1 from ${acts} where ${acts.requestId} = ${by.requestId} and ${acts.verb} = ${verb}
    and ${acts.stage} = 'settled')`;
}

/**
 * Acts behind `before` (an id), the newest first: those that are settled, and intents of which nobody knows yet what came of them.
 * `object` takes only those of one object.
 */
export function listActs(
  db: Db,
  page: { readonly before: number; readonly object: string | null; readonly limit: number },
) {
  return db
    .select()
    .from(acts)
    .where(
      and(lt(acts.id, page.before), page.object === null ? undefined : eq(acts.object, page.object), shown),
    )
    .orderBy(desc(acts.id))
    .limit(page.limit);
}
