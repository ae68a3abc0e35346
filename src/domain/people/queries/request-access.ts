import { sql } from "drizzle-orm";
import { DAY_MS } from "../../../platform/calendar/durations.ts";
import { batch } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { grownTo } from "../../../platform/db/read-marks.ts";
import { deliveries, subscribers } from "../../../platform/db/schema/index.ts";
import { planWaiting } from "../../ledger/queries/plan-delivery.ts";
import { access } from "../access-kind.ts";
import { systemMail } from "./system-mails.ts";

/** How many of these mails a reader gets in thirty days, no matter who asks for them. */
const PER_MONTH = 3;

/**
 * Plans the mail with the link to a reader's own data; one a day (UTC) at most and three in thirty days for a person, no matter who presses.
 * `today` where there was one today, `too_many` where the month's are used up, `not_ready` where that mail was never published.
 */
export async function requestAccess(
  db: Db,
  request: { readonly subscriberId: number; readonly growth: number; readonly now: number },
): Promise<{ readonly kind: "planned" | "today" | "too_many" | "not_ready" }> {
  const { subscriberId, now } = request;
  const mail = systemMail("access", null, sql`'en'`);
  const day = Math.floor(now / DAY_MS);
  const since = (
    first: number,
  ) => sql`(select count(*) from ${deliveries} where ${deliveries.kind} = ${access.name}
    and ${deliveries.anchor} = ${subscriberId} and ${deliveries.round} = 0 and ${deliveries.item} >= ${first})`;
  const { state, planned } = await batch(db, {
    state: db
      .select({
        ready: sql<0 | 1>`${mail} is not null`.as("ready"),
        today: sql<number>`${since(day)}`.as("today"),
      })
      .from(sql`(select 1)`),
    planned: planWaiting(
      access,
      {
        anchor: subscribers.id,
        round: 0,
        item: day,
        recipientId: subscribers.id,
        renditionId: systemMail("access", null, subscribers.language),
        slotAt: now,
      },
      now,
      sql`from ${subscribers} where ${subscribers.id} = ${subscriberId} and ${mail} is not null
        and ${subscribers.state} in ('active', 'unsubscribed') and ${grownTo(request.growth)}
        and ${since(day - 29)} < ${PER_MONTH}`,
    ),
  });
  if (planned.length > 0) return { kind: "planned" };
  const [before] = state;
  if (before?.ready !== 1) return { kind: "not_ready" };
  return { kind: before.today > 0 ? "today" : "too_many" };
}
