import { and, eq, sql } from "drizzle-orm";
import { batch } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { deskPeople, renditions } from "../../../platform/db/schema/index.ts";
import { type Alert, markMailed } from "../../../platform/log/queries.ts";
import { planWaiting } from "../../ledger/queries/plan-delivery.ts";
import { alert } from "../alert-kind.ts";
import type { RenderedLetter } from "../render-letter.tsx";
import { storeAll } from "./publication.ts";

/** Mails found within the same quarter of an hour are one. */
const TICK_MS = 15 * 60_000;

/** Plans the mail to every owner, and notes when its alerts were mailed, in one transaction. Returns how many mails. */
export async function planAlertMails(
  db: Db,
  letter: RenderedLetter,
  alerts: readonly Pick<Alert, "name" | "mailedAt">[],
  now: number,
): Promise<number> {
  const isOwner = and(eq(deskPeople.role, "owner"), sql`${deskPeople.removedAt} is null`);
  const results = await batch(db, {
    ...storeAll([letter], now),
    planned: planWaiting(
      alert,
      {
        anchor: deskPeople.id,
        round: 0,
        item: Math.floor(now / TICK_MS),
        recipientId: deskPeople.id,
        renditionId: renditions.id,
        slotAt: now,
      },
      now,
      sql`from ${deskPeople}, ${renditions} where ${isOwner} and ${renditions.hash} = ${letter.hash}`,
    ),
    marked: markMailed(
      db,
      alerts.map(({ name }) => name),
      now,
    ),
  });
  return results.planned.length;
}
