import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../../../platform/db/client.ts";
import { listOf } from "../../../platform/db/json-rows.ts";
import { deliveries } from "../../../platform/db/schema/index.ts";
import type { LedgerTheme } from "../../ledger/ledger-theme.ts";
import { theme } from "../theme-kind.ts";

/** Condition on deliveries: all themes that were ever planned for an enrollment, skipped ones too; without what was sent again. */
export function plannedThemesOf(enrollmentId: SQL): SQL {
  return sql`${deliveries.kind} = ${theme.name} and ${deliveries.anchor} = ${enrollmentId} and ${deliveries.copy} = 0`;
}

/** Condition on deliveries: the unskipped themes of an enrollment, which were, are or may be with the reader. */
export function themesOf(enrollmentId: SQL): SQL {
  return sql`${plannedThemesOf(enrollmentId)} and ${deliveries.item} is not null`;
}

/**
 * When a theme may have arrived: its slot, or its acceptance if that was later (DESIGN guarantee 3). Of one that may have been accepted, when it was
 * given up at the latest.
 */
export const arrivedAt: SQL<number> = sql`case when ${deliveries.state} in ('accepted', 'uncertain') then max(${deliveries.slotAt}, ${deliveries.settledAt}) else ${deliveries.slotAt} end`;

/** What a `LedgerTheme` is made of: an unskipped theme has an item. */
export const ledgerColumns = {
  stepId: sql<number>`${deliveries.item}`,
  round: deliveries.round,
  slotAt: deliveries.slotAt,
  arrivedAt,
  state: sql<LedgerTheme["state"]>`${deliveries.state}`,
};

/** The same as a list, to be selected along. */
export function ledgerOf(enrollmentId: SQL): SQL<readonly LedgerTheme[]> {
  return listOf(ledgerColumns, sql`from ${deliveries} where ${themesOf(enrollmentId)}`);
}

/** When the last of them arrived; null where there is none. */
export function lastArrivalOf(enrollmentId: SQL): SQL<number | null> {
  return sql<number | null>`(select max(${arrivedAt}) from ${deliveries} where ${themesOf(enrollmentId)})`;
}

/** The slot of the latest of them; null where there is none. */
export function lastSlotOf(enrollmentId: SQL): SQL<number | null> {
  return sql<
    number | null
  >`(select max(${deliveries.slotAt}) from ${deliveries} where ${themesOf(enrollmentId)})`;
}

/** The unskipped themes of an enrollment. */
export function readThemes(db: Db, enrollmentId: number): Promise<LedgerTheme[]> {
  return db
    .select(ledgerColumns)
    .from(deliveries)
    .where(themesOf(sql`${enrollmentId}`));
}
