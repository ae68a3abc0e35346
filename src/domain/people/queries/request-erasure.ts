import { sql } from "drizzle-orm";
import { DAY_MS } from "../../../platform/calendar/durations.ts";
import { batch } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { grownTo } from "../../../platform/db/read-marks.ts";
import { erasures, subscribers } from "../../../platform/db/schema/index.ts";
import { insertFrom } from "../../../platform/db/write.ts";
import { planWaiting } from "../../ledger/queries/plan-delivery.ts";
import { notice } from "../notice-kind.ts";
import { systemMail } from "./system-mails.ts";

/**
 * Notes that someone asked to be erased and plans the mail with the link, in one batch; at most one a day and three in thirty
 * days for a person, whoever presses. `today` where there was one today, `too_many` where the month's are used up, `not_ready`
 * where that mail was never published.
 */
export async function requestErasure(
  db: Db,
  request: {
    readonly subscriberId: number;
    readonly addressHash: string;
    readonly requestId: string;
    readonly growth: number;
    readonly now: number;
  },
): Promise<{ readonly kind: "planned" | "today" | "too_many" | "not_ready" }> {
  const { subscriberId, now } = request;
  const since = (days: number) => sql`(select count(*) from ${erasures}
    where ${erasures.subscriberId} = ${subscriberId} and ${erasures.askedAt} > ${now - days * DAY_MS})`;
  const { state, planned } = await batch(db, {
    state: db
      .select({
        ready: sql<0 | 1>`${mail} is not null`.as("ready"),
        today: sql<number>`${since(1)}`.as("today"),
      })
      .from(sql`(select 1)`),
    asked: insertFrom(
      erasures,
      {
        subscriberId: subscribers.id,
        addressHash: request.addressHash,
        requestId: request.requestId,
        askedAt: now,
      },
      sql`from ${subscribers} where ${subscribers.id} = ${subscriberId} and ${subscribers.state} in ('active', 'unsubscribed')
        and ${grownTo(request.growth)} and ${since(1)} < 1 and ${since(30)} < 3
        and ${mail} is not null`,
    ),
    planned: planWaiting(
      notice,
      {
        anchor: erasures.id,
        round: 0,
        item: 0,
        recipientId: erasures.subscriberId,
        renditionId: systemMail("erase", null, subscribers.language),
        slotAt: now,
      },
      now,
      sql`from ${erasures} join ${subscribers} on ${subscribers.id} = ${erasures.subscriberId}
        where ${erasures.requestId} = ${request.requestId}`,
    ),
  });
  if (planned.length > 0) return { kind: "planned" };
  const [before] = state;
  if (before?.ready !== 1) return { kind: "not_ready" };
  return { kind: before.today > 0 ? "today" : "too_many" };
}

/** Whether the mail was ever published. */
const mail = systemMail("erase", null, sql`'en'`);
