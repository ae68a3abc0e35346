import { and, eq, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import { batch } from "../../../platform/db/batch.ts";
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
import { recordCut, recordStopped, recordUnsubscribed } from "../../people/queries/opt-outs.ts";
import { endBroadcasts, raiseRevision, unsubscribe } from "../../people/queries/subscribers.ts";

/** What a subscriber stops: one enrollment by its id, the broadcasts, or all of it. */
type Stopping = number | "broadcasts" | "everything";

/** Who stops what. */
export type Stop = {
  readonly subscriberId: number;
  readonly what: Stopping;
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

/** Condition: the joined subscriber's broadcasts ended as they left their last sequence. */
export const lostBroadcasts: SQL = sql`(not ${subscribers.broadcasts} and exists (select 1 from ${optOuts}
  where ${optOuts.addressHash} = ${subscribers.addressHash} and ${optOuts.kind} = 'broadcasts'
    and +${optOuts.at} = ${subscribers.unsubscribedAt}))`;

/** The last time that the joined enrollment was stopped, as JSON; null where it never was. */
export const lastStop: SQL = sql`(select json_object('at', ${optOuts.at}, 'reason', ${optOuts.reason}) from ${optOuts}
  where ${optOuts.addressHash} = ${subscribers.addressHash} and ${optOuts.kind} = 'stopped'
    and ${optOuts.sequenceId} = ${enrollments.sequenceId} order by ${optOuts.id} desc limit 1)`;

/** Condition: the enrollment of the joined subscriber can be left: it goes on, or it is completed and was not left since. */
export const canLeave: SQL = sql`(${living} or ${enrollments.state} = 'completed' and not ${leftSince})`;

function chosen({ subscriberId, what }: Pick<Stop, "subscriberId" | "what">): SQL {
  const own = sql`${enrollments.subscriberId} = ${subscriberId}`;
  if (what === "everything") return own;
  return what === "broadcasts" ? sql`0` : sql`${own} and ${enrollments.id} = ${what}`;
}

/** Condition: a subscriber's broadcasts stop with this: they're named, or nothing else goes on. */
function cuts(stop: Stop): SQL {
  const gets = sql`${subscribers.id} = ${stop.subscriberId} and ${subscribers.broadcasts}`;
  return typeof stop.what === "number" ? sql`${gets} and ${isLast(stop)}` : gets;
}

/**
 * Condition, between the record of leaving and the change: what's left went on, or is a completed one that was just left, and nothing else goes on. Pressed once
 * more, it's not true of someone who has kept the broadcasts.
 */
function isLast(stop: Pick<Stop, "subscriberId" | "what" | "now">): SQL {
  const justLeft = sql`exists (select 1 from ${optOuts} where ${optOuts.addressHash} = ${subscribers.addressHash}
    and ${optOuts.kind} = 'stopped' and ${optOuts.sequenceId} = ${enrollments.sequenceId} and +${optOuts.at} = ${stop.now})`;
  return sql`exists (select 1 from ${enrollments} where ${chosen(stop)}
      and (${living} or ${enrollments.state} = 'completed' and ${justLeft}))
    and not exists (select 1 from ${enrollments} where ${enrollments.subscriberId} = ${stop.subscriberId} and ${living}
      and not (${chosen(stop)}))`;
}

/** What a stopped enrollment is: nothing of it is due. */
const STOPPED = { state: "stopped", nextDueAt: null, resumeAt: null, pauseUntil: null } as const;

/**
 * Statements that stop enrollments of a subscriber or their broadcasts, with the record of it, and unsubscribe whoever has nothing left; running
 * them again changes nothing. With the last enrollment the broadcasts stop, too. `left` gives a row for each sequence that was left, `cut` one for the
 * broadcasts, `unsubscribed` one for an unsubscribed person. A page that was opened before is out of date afterwards.
 */
export function stopStatements(db: Db, stop: Stop) {
  const { subscriberId, what, now } = stop;
  const goesOn = sql`exists (select 1 from ${enrollments} where ${chosen(stop)} and ${living})`;
  const own = sql`${subscribers.id} = ${subscriberId}`;
  // Without broadcasts, who has had a whole sequence still waits for what is added to it.
  const waits = sql`exists (select 1 from ${enrollments} where ${enrollments.subscriberId} = ${subscriberId} and ${canLeave})`;
  const nothingLeft =
    what === "everything"
      ? own
      : what === "broadcasts"
        ? sql`${own} and not ${subscribers.broadcasts} and not ${waits}`
        : sql`${own} and ${isLast(stop)}`;
  return {
    revised: raiseRevision(db, subscriberId, what === "broadcasts" ? sql`${subscribers.broadcasts}` : goesOn),
    left: recordStopped(
      stop,
      sql`${enrollments.sequenceId}`,
      sql`from ${enrollments} join ${subscribers} on ${subscribers.id} = ${enrollments.subscriberId}
        where ${chosen(stop)} and ${canLeave}`,
    ),
    // What goes with the last one, before it's stopped: afterwards it couldn't be told from one that was left long ago.
    cut: recordCut(stop, sql`from ${subscribers} where ${cuts(stop)}`),
    withoutBroadcasts: endBroadcasts(db, cuts(stop)),
    ...recordUnsubscribed(
      stop,
      sql`from ${subscribers} where ${nothingLeft} and ${subscribers.state} = 'active'`,
    ),
    unsubscribed: unsubscribe(db, nothingLeft, now),
    stopped: db
      .update(enrollments)
      .set(STOPPED)
      .where(and(chosen(stop), living)),
  };
}

/** Statement: keeps as an act that someone at the desk is about to stop what `stop` names, where there's anything to stop. */
export function actOfLeaving(by: Doer, stop: Stop) {
  const { subscriberId, what, now } = stop;
  const object = `subscriber:${subscriberId}`;
  const anything = sql`exists (select 1 from ${enrollments} join ${subscribers} on ${subscribers.id} = ${enrollments.subscriberId}
    where ${chosen(stop)} and ${canLeave})`;
  const enrollment = typeof what === "number" ? what : null;
  const act = { at: now, verb: "unsubscribe_reader", object, changed: { enrollment } } as const;
  return { act: recordAct(by, act, anything) };
}

const other = alias(enrollments, "other");

/** What `stopStatements` is about to record, for the Guard to hear of it first. `sequenceId` null is the broadcasts; `last`: then nothing goes on. */
export async function readStoppable(db: Db, stop: Pick<Stop, "subscriberId" | "what">) {
  const { stopped, person } = await batch(db, {
    stopped: selectStoppable(db, stop),
    person: selectCut(db, stop),
  });
  const cut = person.filter(({ broadcasts }) => broadcasts);
  const last = stopped.some(({ last: isLast }) => isLast === 1);
  return {
    stopped,
    cut: stop.what === "broadcasts" || stop.what === "everything" || last ? cut : [],
    unsubscribes: stop.what === "broadcasts" ? cut.some(({ waits }) => waits === 0) : last,
  };
}

/** Whether a subscriber gets broadcasts, and whether they're in any sequence besides. */
function selectCut(db: Db, { subscriberId }: Pick<Stop, "subscriberId">) {
  return db
    .select({
      addressHash: subscribers.addressHash,
      broadcasts: subscribers.broadcasts,
      waits: sql<
        0 | 1
      >`exists (select 1 from ${enrollments} where ${enrollments.subscriberId} = ${subscriberId}
        and ${canLeave})`.as("waits"),
    })
    .from(subscribers)
    .where(eq(subscribers.id, subscriberId));
}

function selectStoppable(db: Db, stop: Pick<Stop, "subscriberId" | "what">) {
  const others = sql`exists (select 1 from ${enrollments} other where ${other.subscriberId} = ${enrollments.subscriberId}
    and ${other.state} in ('active', 'paused') and ${other.id} <> ${enrollments.id})`;
  return db
    .select({
      addressHash: subscribers.addressHash,
      sequenceId: enrollments.sequenceId,
      last: (stop.what === "everything" ? sql<0 | 1>`1` : sql<0 | 1>`not ${others}`).as("last"),
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
        sql`${of("kind")} <> 'broadcasts'`,
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
