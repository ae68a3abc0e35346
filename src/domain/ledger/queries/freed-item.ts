import { type SQL, sql } from "drizzle-orm";
import { among } from "../../../platform/db/json-rows.ts";
import { deliveries } from "../../../platform/db/schema/index.ts";
import type { Kinds } from "../kind.ts";

/** Condition: a delivery whose item a skip gives back, so that the same can be planned again. What the owner sent again isn't: the letter itself was. */
export function isFreed(kinds: Kinds): SQL {
  const freeing = kinds.namesWhere(({ skipFreesItem }) => skipFreesItem);
  return sql`(${deliveries.copy} = 0 and ${among(deliveries.kind, freeing)})`;
}

/** The item of a delivery that is skipped where `when` holds: gone where it's freed, and else as it was. */
export function freedItem(kinds: Kinds, when: SQL): SQL<number | null> {
  return sql`case when ${when} and ${isFreed(kinds)} then null else ${deliveries.item} end`;
}
