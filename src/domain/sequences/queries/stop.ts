import { and, eq, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import type { Db } from "../../../platform/db/client.ts";
import { rowsOf } from "../../../platform/db/json-rows.ts";
import {
  consents,
  enrollments,
  enrollmentsPersonal,
  optOuts,
  subscribers,
} from "../../../platform/db/schema/index.ts";
import { erasedValues } from "../../../platform/db/schema/personal.ts";
import type { JournalEntry } from "../../../platform/guard/guard-port.ts";
import type { Doer } from "../../acts/act.ts";
import { recordAct } from "../../acts/queries/acts.ts";
import { recordStopped, recordUnsubscribed } from "../../people/queries/opt-outs.ts";
import { raiseRevision, unsubscribe } from "../../people/queries/subscribers.ts";

/** Who stops what: one enrollment of a subscriber, or all of them (`enrollmentId` null). */
export type Stop = {
  readonly subscriberId: number;
  readonly enrollmentId: number | null;
  readonly reason: string;
  readonly now: number;
};

/** Condition: the enrollment goes on. */
const living: SQL = sql`${enrollments.state} in ('active', 'paused')`;

/**
 * Condition: the enrollment of the joined subscriber was left, and not taken up again since. Leaving a completed one keeps a
 * publication from resuming it.
 */
export const leftSince: SQL = sql`exists (select 1 from ${optOuts} where ${optOuts.addressHash} = ${subscribers.addressHash}
  and ${optOuts.kind} = 'stopped' and ${optOuts.sequenceId} = ${enrollments.sequenceId}
  and ${optOuts.at} >= max(${enrollments.enrolledAt}, coalesce(${enrollments.returnedAt}, 0)))`;

/** Condition: the enrollment of the joined subscriber can be left: it goes on, or it is completed and was not left since. */
export const canLeave: SQL = sql`(${living} or ${enrollments.state} = 'completed' and not ${leftSince})`;

function chosen({ subscriberId, enrollmentId }: Pick<Stop, "subscriberId" | "enrollmentId">): SQL {
  const which = enrollmentId === null ? sql`` : sql`and ${enrollments.id} = ${enrollmentId}`;
  return sql`${enrollments.subscriberId} = ${subscriberId} ${which}`;
}

/** What a stopped enrollment is: nothing of it is due. */
const STOPPED = { state: "stopped", nextDueAt: null, resumeAt: null, pauseUntil: null } as const;

/**
 * Statements that stop enrollments of a subscriber and unsubscribe whoever has none left, with the record of it; running them
 * again changes nothing. `left` gives a row for each sequence that was left, `unsubscribed` one for an unsubscribed person. A page
 * that was opened before is out of date afterwards.
 */
export function stopStatements(db: Db, stop: Stop) {
  const { subscriberId, now } = stop;
  const goesOn = sql`exists (select 1 from ${enrollments} where ${chosen(stop)} and ${living})`;
  const noneLeft = sql`${subscribers.id} = ${subscriberId} and not exists (
    select 1 from ${enrollments} where ${enrollments.subscriberId} = ${subscriberId} and ${living})`;
  return {
    revised: raiseRevision(db, subscriberId, goesOn),
    left: recordStopped(
      stop,
      sql`${enrollments.sequenceId}`,
      sql`from ${enrollments} join ${subscribers} on ${subscribers.id} = ${enrollments.subscriberId}
        where ${chosen(stop)} and ${canLeave}`,
    ),
    stopped: db
      .update(enrollments)
      .set(STOPPED)
      .where(and(chosen(stop), living)),
    ...recordUnsubscribed(
      stop,
      sql`from ${subscribers} where ${noneLeft} and ${subscribers.state} = 'active'`,
    ),
    unsubscribed: unsubscribe(db, noneLeft, now),
  };
}

/** Statement: keeps as an act that someone at the desk is about to stop what `stop` names, where there's anything to stop. */
export function actOfLeaving(by: Doer, stop: Stop) {
  const { subscriberId, enrollmentId, now } = stop;
  const object = `subscriber:${subscriberId}`;
  const anything = sql`exists (select 1 from ${enrollments} join ${subscribers} on ${subscribers.id} = ${enrollments.subscriberId}
    where ${chosen(stop)} and ${canLeave})`;
  const act = { at: now, verb: "unsubscribe_reader", object, changed: { enrollment: enrollmentId } } as const;
  return { act: recordAct(by, act, anything) };
}

const other = alias(enrollments, "other");

/** What `stopStatements` is about to record, for the Guard to hear of it first. `last`: then none goes on. */
export function readStoppable(db: Db, stop: Pick<Stop, "subscriberId" | "enrollmentId">) {
  const others = sql`exists (select 1 from ${enrollments} other where ${other.subscriberId} = ${enrollments.subscriberId}
    and ${other.state} in ('active', 'paused') and ${other.id} <> ${enrollments.id})`;
  return db
    .select({
      addressHash: subscribers.addressHash,
      sequenceId: enrollments.sequenceId,
      last: stop.enrollmentId === null ? sql<0 | 1>`1` : sql<0 | 1>`not ${others}`,
    })
    .from(enrollments)
    .innerJoin(subscribers, eq(subscribers.id, enrollments.subscriberId))
    .where(and(chosen(stop), canLeave));
}

/** Statement: stops what entries of the Guard's journal stopped, unless the reader confirmed or came back after them. */
export function replayStops(db: Db, entries: readonly JournalEntry[], condition: SQL = sql`true`) {
  const rows = rowsOf(entries);
  const { of } = rows;
  const confirmedAt = sql`(select max(${consents.confirmedAt}) from ${consents}
    where ${consents.subscriberId} = ${subscribers.id} and ${consents.sequenceId} = ${enrollments.sequenceId})`;
  return db
    .update(enrollments)
    .set(STOPPED)
    .from(sql`${rows.from} join ${subscribers} on ${subscribers.addressHash} = ${of("addressHash")}`)
    .where(
      and(
        eq(enrollments.subscriberId, subscribers.id),
        living,
        condition,
        sql`(${of("kind")} <> 'stopped' or ${enrollments.sequenceId} = ${of("sequenceId")})`,
        sql`coalesce(${confirmedAt}, 0) <= ${of("at")} and coalesce(${enrollments.returnedAt}, -1) < ${of("at")}`,
      ),
    );
}

/** Condition, for a statement on subscribers: an enrollment goes on, or was taken up again at or after `at`. */
export function goesOnSince(at: SQL): SQL {
  return sql`exists (select 1 from ${enrollments} where ${enrollments.subscriberId} = ${subscribers.id}
    and (${living} or ${enrollments.returnedAt} >= ${at}))`;
}

/** Statement: leaves of an erased person's enrollments nothing that tells when and where they read. Where `condition` holds. */
export function emptyEnrollmentsOf(db: Db, subscriberId: number, condition: SQL) {
  return db
    .update(enrollments)
    .set(erasedValues(enrollmentsPersonal))
    .where(and(eq(enrollments.subscriberId, subscriberId), condition));
}
