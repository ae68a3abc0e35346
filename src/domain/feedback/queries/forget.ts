import { and, eq, isNull, type SQL, sql } from "drizzle-orm";
import { DAY_MS } from "../../../platform/calendar/durations.ts";
import type { Db } from "../../../platform/db/client.ts";
import { bounceDays, feedbackEvents } from "../../../platform/db/schema/index.ts";

/** Statement: forgets what was reported of a person, where `condition` holds. */
export function forgetReportsOf(db: Db, subscriberId: number, condition: SQL) {
  return db.delete(feedbackEvents).where(and(eq(feedbackEvents.subscriberId, subscriberId), condition));
}

const oldEvents = (before: number) => sql`${feedbackEvents.receivedAt} < ${before}`;
const oldDays = (before: number) => sql`${bounceDays.day} < ${Math.floor(before / DAY_MS)}`;

/** Condition: there are reports, or days of bounces, from before `before`. */
export function hasOldReports(before: number): SQL {
  return sql`(exists (select 1 from ${feedbackEvents} where ${oldEvents(before)})
    or exists (select 1 from ${bounceDays} where ${oldDays(before)}))`;
}

/** Statements: forget some of them. Parked ones wait for their letter. */
export function forgetOldReports(db: Db, before: number, limit: number) {
  const old = db
    .select({ svixId: feedbackEvents.svixId })
    .from(feedbackEvents)
    .where(and(oldEvents(before), isNull(feedbackEvents.parkedAt)))
    .orderBy(feedbackEvents.receivedAt)
    .limit(limit);
  const days = db
    .select({ domain: bounceDays.domain, day: bounceDays.day })
    .from(bounceDays)
    .where(oldDays(before))
    .limit(limit);
  return {
    reports: db.delete(feedbackEvents).where(sql`${feedbackEvents.svixId} in ${old}`),
    bounceDays: db.delete(bounceDays).where(sql`(${bounceDays.domain}, ${bounceDays.day}) in ${days}`),
  };
}
