import { type SQL, sql } from "drizzle-orm";
import { among } from "../../../platform/db/json-rows.ts";
import { deliveries } from "../../../platform/db/schema/index.ts";
import type { Kinds } from "../kind.ts";

/**
 * The item of a delivery that is skipped where `when` holds: gone where its kind gives it back, so that the same can be planned
 * again, and else as it was. What the owner sent again gives nothing back: the letter itself was sent.
 */
export function freedItem(kinds: Kinds, when: SQL): SQL<number | null> {
  const freeing = kinds.namesWhere(({ skipFreesItem }) => skipFreesItem);
  return sql`case when ${when} and ${deliveries.copy} = 0 and ${among(deliveries.kind, freeing)} then null
    else ${deliveries.item} end`;
}
