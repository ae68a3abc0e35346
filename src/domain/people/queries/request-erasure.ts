import { sql } from "drizzle-orm";
import { batch } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { grownTo } from "../../../platform/db/read-marks.ts";
import { planNotice } from "../../ledger/queries/personal.ts";

const DAY_MS = 24 * 3_600_000;

/**
 * Notes that somebody asked to be erased and plans the mail with the link, in one batch; at most one a day and three in thirty
 * days for a person, whoever presses. `today` where there was one today, `too_many` where the month's are used up, `not_ready`
 * where that mail was never published.
 */
export async function requestErasure(
  db: Db,
  request: {
    readonly subscriberId: number;
    readonly addressHash: string;
    readonly requestId: string;
    readonly key: string;
    readonly growth: number;
    readonly now: number;
    readonly wallNow: number;
  },
): Promise<
  | { readonly kind: "planned"; readonly batchId: number }
  | { readonly kind: "today" | "too_many" | "not_ready" }
> {
  const { subscriberId, now } = request;
  const since = (days: number) => sql`(select count(*) from erasures a where a.subscriber_id = ${subscriberId}
    and a.asked_at > ${now - days * DAY_MS})`;
  const results = await batch(db, [
    sql`select exists (select 1 from notices where name = 'erase') as ready, ${since(1)} as today`,
    sql`
      insert into erasures (subscriber_id, address_hash, request_id, asked_at)
      select s.id, ${request.addressHash}, ${request.requestId}, ${now} from subscribers s
      where s.id = ${subscriberId} and s.state in ('active', 'unsubscribed') and ${grownTo(request.growth)}
        and ${since(1)} < 1 and ${since(30)} < 3 and exists (select 1 from notices where name = 'erase')`,
    ...planNotice(request.requestId, { key: request.key, now, wallNow: request.wallNow }),
  ]);
  const [state] = results[0] as { ready: 0 | 1; today: number }[];
  const [made] = results.at(-1) as { id: number }[];
  if (made !== undefined) return { kind: "planned", batchId: made.id };
  if (state?.ready !== 1) return { kind: "not_ready" };
  return { kind: state.today > 0 ? "today" : "too_many" };
}
