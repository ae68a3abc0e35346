import { and, eq, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { deliveries, subscribers, suppressions } from "../../../platform/db/schema/index.ts";
import { inForce } from "./suppressions.ts";

/** What kinds whose recipients are subscribers select of them, besides their own. */
export const recipientColumns = {
  address: subscribers.address,
  addressHash: subscribers.addressHash,
  firstName: subscribers.firstName,
  standing: subscribers.standing,
  linkGeneration: subscribers.linkGeneration,
  subscriber: subscribers.state,
  suppression: suppressions.reason,
  suppressedAt: suppressions.at,
};

/** How a delivery and its recipient are joined. */
export const isRecipient: SQL = eq(subscribers.id, deliveries.recipientId);

/** How a subscriber and what is in force against them are joined. */
export function isSuppressed(now: number | SQL): SQL | undefined {
  return and(eq(suppressions.addressHash, subscribers.addressHash), inForce(now));
}

/** A subscriber's number of standing now, for kinds whose recipients they are. */
export function subscriberStanding(recipient: SQL): SQL {
  return sql`(select ${subscribers.standing} from ${subscribers} where ${subscribers.id} = ${recipient})`;
}

/** Where mail reaches a subscriber, for kinds whose recipients they are. */
export function subscriberMailbox(recipient: SQL) {
  const of = (column: SQLiteColumn) =>
    sql`(select ${column} from ${subscribers} where ${subscribers.id} = ${recipient})`;
  return { address: of(subscribers.address), firstName: of(subscribers.firstName) };
}

/** Condition on subscribers: they may be mailed a broadcast at all. Always asked, and part of no segment. */
export function mayGetBroadcasts(now: number): SQL {
  return sql`${subscribers.state} = 'active' and ${subscribers.broadcasts}
    and not exists (select 1 from ${suppressions} where ${isSuppressed(now)})`;
}
