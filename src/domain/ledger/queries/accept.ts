import { and, eq, inArray, sql } from "drizzle-orm";
import type { Db } from "../../../platform/db/client.ts";
import { rowsOf } from "../../../platform/db/json-rows.ts";
import { prepared } from "../../../platform/db/prepared.ts";
import { deliveries } from "../../../platform/db/schema/index.ts";
import type { Accepted } from "../settled.ts";
import { countAccepted } from "./count-letters.ts";

const acceptRows = prepared({ accepted: "json", now: deliveries.settledAt }, (db, of) => {
  const rows = rowsOf<Accepted>(of.accepted);
  return db
    .update(deliveries)
    .set({ state: "accepted", providerId: rows.of("providerId"), settledAt: of.now, reason: null })
    .from(rows.from)
    .where(and(eq(deliveries.id, rows.of("id")), inArray(deliveries.state, ["planned", "uncertain"])));
});

/** Statements: ids of accepted members, counted. They're true whoever holds the batch, and whatever was given up meanwhile for want of them. */
export function accept(db: Db, accepted: readonly Accepted[], now: number) {
  return accepted.length === 0
    ? {}
    : {
        counted: countAccepted(accepted, sql`${now}`, sql`('planned', 'uncertain')`),
        accepted: acceptRows(db, { accepted: JSON.stringify(accepted), now }),
      };
}
