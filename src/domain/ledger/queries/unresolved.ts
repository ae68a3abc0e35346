import { type SQL, sql } from "drizzle-orm";
import { deliveries } from "../../../platform/db/schema/index.ts";

/**
 * Condition: deliveries in one of the two states that someone must resolve. Both are named as they are, because the small index
 * that holds only them (`deliveries_unresolved`) is used only where its own condition stands in the query.
 */
export function unresolved(state: "held" | "uncertain"): SQL {
  return sql`${deliveries.state} in ('held', 'uncertain') and ${deliveries.state} = ${state}`;
}
