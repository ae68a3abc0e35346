import { type SQL, sql } from "drizzle-orm";
import { enrollments, subscribers } from "../../../platform/db/schema/index.ts";

const zone = sql`(select ${enrollments.timeZone} from ${enrollments}
  where ${enrollments.subscriberId} = ${subscribers.id}
  order by ${enrollments.nextDueAt} is null, ${enrollments.id} limit 1)`;

/** To be selected of subscribers: the zone of their clock, of the first sequence that goes on, or else of any; null without one. */
export const clockZone: SQL<string | null> = sql<string | null>`${zone}`;
