import { and, eq, inArray, ne, type SQL, sql } from "drizzle-orm";
import { batch } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { rowsOf } from "../../../platform/db/json-rows.ts";
import { deliveries } from "../../../platform/db/schema/index.ts";
import { insertFrom } from "../../../platform/db/write.ts";
import type { AdmittedMember } from "../../../platform/guard/guard-port.ts";
import type { Kinds } from "../kind.ts";
import { freedItem } from "./freed-item.ts";

/**
 * Enters letters that may have been made in the lost time: letters that the restored database still means to send become
 * uncertain, and those that it does not know are written anew under their own ids (where free), so that links, webhooks and
 * the once-only key hold for them again. What the database knows to have ended is left alone. Idempotent; returns how many
 * letters were entered or changed.
 */
export async function restoreAdmissions(
  db: Db,
  kinds: Kinds,
  members: readonly AdmittedMember[],
  now: number,
): Promise<number> {
  const rows = rowsOf(members);
  const anchored = sql`${deliveries.kind} = ${rows.of("kind")} and ${deliveries.anchor} = ${rows.of("anchor")}
    and ${deliveries.round} = ${rows.of("round")}`;
  const key = sql`${anchored} and ${deliveries.item} = ${rows.of("item")} and ${deliveries.copy} = ${rows.of("copy")}`;
  const meant = and(
    key,
    eq(deliveries.recipientId, rows.of("recipientId")),
    inArray(deliveries.state, ["planned", "held"]),
  );
  const there = (condition: SQL) => sql`exists (select 1 from ${deliveries} where ${condition})`;
  const sameId = sql`${deliveries.id} = ${rows.of("id")}`;
  const belongs = kinds.byKind(
    rows.of("kind"),
    (kind) => kind.belongs(rows.of("anchor"), rows.of("recipientId")),
    sql`0`,
  );
  const { same, replaced, entered } = await batch(db, {
    same: db
      .update(deliveries)
      .set({ state: "uncertain", reason: "restored", settledAt: now })
      .from(rows.from)
      .where(and(meant, sameId))
      .returning({ id: deliveries.id }),
    // The same step under another id: that one was given up in the lost time, and this one took its place.
    replaced: db
      .update(deliveries)
      .set({ state: "skipped", reason: "restored", settledAt: now, item: freedItem(kinds, sql`true`) })
      .from(rows.from)
      .where(and(meant, ne(deliveries.id, rows.of("id"))))
      .returning({ id: deliveries.id }),
    entered: insertFrom(
      deliveries,
      {
        id: sql`case when ${there(sameId)} then null else ${rows.of("id")} end`,
        kind: rows.of("kind"),
        anchor: rows.of("anchor"),
        round: rows.of("round"),
        item: sql`case when ${there(key)} then null else ${rows.of("item")} end`,
        copy: rows.of("copy"),
        intendedItem: rows.of("item"),
        recipientId: rows.of("recipientId"),
        renditionId: rows.of("renditionId"),
        slotAt: rows.of("slotAt"),
        runId: kinds.byKind(rows.of("kind"), (kind) => kind.runOf(rows.of("item")), sql`null`),
        state: "uncertain",
        reason: "restored",
        plannedAt: now,
        settledAt: now,
      },
      sql`from ${rows.from} where not ${there(sql`${sameId} and ${anchored}`)} and ${belongs} on conflict do nothing`,
    ),
  });
  return same.length + replaced.length + entered.changes;
}
