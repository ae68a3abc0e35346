import { and, desc, eq, gt, inArray, isNull, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import { batch } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { rowsOf } from "../../../platform/db/json-rows.ts";
import { type JournalSpan, sawJournal } from "../../../platform/db/read-marks.ts";
import { optOuts, optOutsPersonal, subscribers } from "../../../platform/db/schema/index.ts";
import { erasedValues } from "../../../platform/db/schema/personal.ts";
import { insertFrom } from "../../../platform/db/write.ts";
import type { JournalEntry } from "../../../platform/guard/guard-port.ts";
import { addToCounts, countThat, dayIn, dayOf } from "../../counts/queries/day-counts.ts";
import type { LeaveReason } from "../leave-reason.ts";
import { OWN_ACTS } from "../own-acts.ts";

type Act = { readonly reason: string; readonly now: number };

/** Statement: records that sequences were left, one for each row that `from` selects. Returns the records' ids. */
export function recordStopped(act: Act, sequenceId: SQL, from: SQL) {
  return insertFrom(
    optOuts,
    { addressHash: subscribers.addressHash, kind: "stopped", sequenceId, reason: act.reason, at: act.now },
    from,
  ).returning({ id: optOuts.id });
}

/** Statement: records that broadcasts were left, one for each row that `from` selects. Returns the records' ids. */
export function recordCut({ reason, now }: Act, from: SQL) {
  return insertFrom(
    optOuts,
    { addressHash: subscribers.addressHash, kind: "broadcasts", reason, at: now },
    from,
  ).returning({ id: optOuts.id });
}

/** Statements: record and count that someone unsubscribed, where `from` selects them. */
export function recordUnsubscribed({ reason, now }: Act, from: SQL) {
  return {
    recordedLeaving: insertFrom(
      optOuts,
      { addressHash: subscribers.addressHash, kind: "unsubscribed", reason, at: now },
      from,
    ),
    leavingCounted: countThat({ day: dayOf(now), what: "left", key: reason }),
  };
}

/** Statements: enter opt-outs that this database lacks, and count them: of the Guard's journal, or (`wallNow` null) that the Guard is to be told. */
export function replayRecords(
  entries: readonly JournalEntry[],
  wallNow: number | null,
  condition: SQL = sql`true`,
) {
  const rows = rowsOf(entries);
  const { of } = rows;
  const day = dayIn(of("at"));
  const what = sql`case ${of("kind")} when 'suppressed' then 'suppressed' else 'left' end`;
  // The plus keeps the index by time out of it: many may have left at one instant.
  const lacking = sql`not exists (select 1 from ${optOuts} where ${optOuts.addressHash} = ${of("addressHash")}
    and ${optOuts.kind} = ${of("kind")} and +${optOuts.at} = ${of("at")} and ${optOuts.sequenceId} is ${of("sequenceId")})`;
  return {
    counted: addToCounts(
      { day, what, key: of("reason"), n: sql`count(*)` },
      sql`from ${rows.from} where ${of("kind")} in ('unsubscribed', 'suppressed') and ${lacking} and ${condition} group by ${day}, ${what}, ${of("reason")}`,
    ),
    recorded: insertFrom(
      optOuts,
      {
        addressHash: of("addressHash"),
        kind: of("kind"),
        sequenceId: of("sequenceId"),
        reason: of("reason"),
        at: of("at"),
        journaledAt: wallNow,
      },
      sql`from ${rows.from} where ${lacking} and ${condition}`,
    ),
  };
}

/** Opt-outs that the Guard does not have yet, oldest first. */
export function readUnjournaled(db: Db, limit: number) {
  return db
    .select({
      id: optOuts.id,
      addressHash: optOuts.addressHash,
      kind: optOuts.kind,
      sequenceId: optOuts.sequenceId,
      reason: optOuts.reason,
      at: optOuts.at,
    })
    .from(optOuts)
    .where(isNull(optOuts.journaledAt))
    .orderBy(optOuts.id)
    .limit(limit);
}

/**
 * Marks opt-outs as known to the Guard, as far as they are still there: a database restored meanwhile lacks them, may have given their ids away
 * again, and must hear of them from the journal.
 */
export async function markJournaled(
  db: Db,
  told: ReadonlyArray<{ readonly id: number; readonly addressHash: string; readonly at: number }>,
  how: { readonly wallNow: number; readonly journaled: JournalSpan },
): Promise<void> {
  const { from, of } = rowsOf(told);
  const same = sql`${optOuts.id} = ${of("id")} and ${optOuts.addressHash} = ${of("addressHash")} and ${optOuts.at} = ${of("at")}`;
  await batch(db, {
    marked: db.update(optOuts).set({ journaledAt: how.wallNow }).from(from).where(same),
    saw: sawJournal(
      how.journaled,
      sql`(select count(*) from ${from} join ${optOuts} on ${same}) = ${told.length}`,
    ),
  });
}

/** Condition: opt-outs of the reader's own hand. */
const ownHand = and(
  inArray(optOuts.kind, ["stopped", "unsubscribed"]),
  inArray(optOuts.reason, [...OWN_ACTS]),
);

/**
 * Notes why someone left, with their last own opt-out since `since`; another answer replaces it. False where there is none. The
 * answer stands with the HMAC of the address only.
 */
export async function noteLeaveReason(
  db: Db,
  note: { readonly subscriberId: number; readonly reason: LeaveReason; readonly since: number },
): Promise<boolean> {
  const last = db
    .select({ id: sql`max(${optOuts.id})` })
    .from(optOuts)
    .innerJoin(subscribers, eq(subscribers.addressHash, optOuts.addressHash))
    .where(and(eq(subscribers.id, note.subscriberId), ownHand, gt(optOuts.at, note.since)));
  const noted = await db
    .update(optOuts)
    .set({ said: note.reason })
    .where(sql`${optOuts.id} = ${last}`)
    .returning({ id: optOuts.id });
  return noted.length > 0;
}

const answered = alias(optOuts, "answered");

/** What people said about leaving since `since`, by reason, and how many left without a word. */
export function countLeaveReasons(db: Db, since: number) {
  const people = sql<number>`count(distinct ${optOuts.addressHash})`;
  const said = sql`(select ${answered.addressHash} from ${optOuts} answered where ${answered.said} is not null
    and ${answered.at} > ${since})`;
  return db
    .select({ reason: optOuts.said, people })
    .from(optOuts)
    .where(
      and(
        gt(optOuts.at, since),
        ownHand,
        sql`(${optOuts.said} is not null or ${optOuts.addressHash} not in ${said})`,
      ),
    )
    .groupBy(optOuts.said)
    .orderBy(desc(people), optOuts.said);
}

/** Statement: forgets what an address said about leaving, where `condition` holds. */
export function forgetSaid(db: Db, addressHash: string, condition: SQL) {
  return db
    .update(optOuts)
    .set(erasedValues(optOutsPersonal))
    .where(and(eq(optOuts.addressHash, addressHash), sql`${optOuts.said} is not null`, condition));
}
