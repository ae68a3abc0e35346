import { asc, desc, eq, inArray, isNull, type SQL, sql } from "drizzle-orm";
import { run } from "../db/batch.ts";
import type { Db } from "../db/client.ts";
import { alerts } from "../db/schema/index.ts";
import { insertFrom, onConflict, type Write } from "../db/write.ts";

const UNTOLD_MAX = 20;

export type Alert = typeof alerts.$inferSelect;

/** Notes something the owner should look at; the same again counts up. `detail` holds ids and codes only. */
export async function raiseAlert(
  db: Db,
  alert: { readonly name: string; readonly detail: string; readonly now: number },
): Promise<void> {
  await run(db, raiseAlertWhere(sql`true`, alert));
}

/** Statement: the same where `condition` holds, to be put into someone's `batch()`. */
export function raiseAlertWhere(
  condition: SQL,
  alert: { readonly name: SQL | string; readonly detail: string; readonly now: number },
): Write {
  const { name, now } = alert;
  return insertFrom(
    alerts,
    { name, detail: alert.detail.slice(0, 300), count: 1, firstAt: now, lastAt: now },
    sql`where ${condition} ${onConflict(alerts, ["name"], {
      take: ["detail", "lastAt"],
      set: { count: sql`${alerts.count} + 1` },
    })}`,
  );
}

/** All alerts, the latest first. */
export function listAlerts(db: Db): Promise<Alert[]> {
  return db.select().from(alerts).orderBy(desc(alerts.lastAt), asc(alerts.name));
}

/** Alerts that weren't told to the owner's webhook yet, the oldest first. */
export function listUntold(db: Db): Promise<Alert[]> {
  return db.select().from(alerts).where(isNull(alerts.toldAt)).orderBy(asc(alerts.firstAt)).limit(UNTOLD_MAX);
}

/** Marks alerts as told. */
export async function markTold(db: Db, names: readonly string[], now: number): Promise<void> {
  await db
    .update(alerts)
    .set({ toldAt: now })
    .where(inArray(alerts.name, [...names]));
}

/** Statement: marks alerts as mailed. */
export function markMailed(db: Db, names: readonly string[], now: number) {
  return db
    .update(alerts)
    .set({ mailedAt: now })
    .where(inArray(alerts.name, [...names]));
}

/** Condition: there is an alert of that name. */
export function isRaised(name: string): SQL {
  return sql`exists (select 1 from ${alerts} where ${alerts.name} = ${name})`;
}

/** Statement: clears one alert. Returns its name where there was one. */
export function clearAlert(db: Db, name: string) {
  return db.delete(alerts).where(eq(alerts.name, name)).returning({ name: alerts.name });
}
