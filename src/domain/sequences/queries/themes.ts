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

/** What a `LedgerTheme` is made of: an unskipped theme has an item. */
export const ledgerColumns = {
  stepId: sql<number>`${deliveries.item}`,
  round: deliveries.round,
  slotAt: deliveries.slotAt,
  state: sql<LedgerTheme["state"]>`${deliveries.state}`,
};

/** The same as a list, to be selected along. */
export function ledgerOf(enrollmentId: SQL): SQL<readonly LedgerTheme[]> {
  return listOf(ledgerColumns, sql`from ${deliveries} where ${themesOf(enrollmentId)}`);
}

/** The slot of the last of them; null where there is none. */
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
