import { and, eq, isNotNull, isNull, lt, sql } from "drizzle-orm";
import { DAY_MS } from "../../../platform/calendar/durations.ts";
import { batch, together } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { type JournalSpan, sawJournal } from "../../../platform/db/read-marks.ts";
import {
  bounceDays,
  deliveries,
  enrollments,
  feedbackEvents,
  subscribers,
} from "../../../platform/db/schema/index.ts";
import { insertFrom, onConflict } from "../../../platform/db/write.ts";
import { familyOf } from "../../counts/mailbox-family.ts";
import type { Kinds } from "../../ledger/kind.ts";
import {
  countAgainstRun,
  failAccepted,
  type findLetter,
  isNewReport,
  noteReport,
  proveAccepted,
  type Report,
} from "../../ledger/queries/feedback.ts";
import { liftSoft, suppressStatements } from "../../people/queries/suppressions.ts";
import { stopStatements } from "../../sequences/queries/stop.ts";
import { plannedThemesOf } from "../../sequences/queries/themes.ts";
import type { FeedbackEffects } from "../effects.ts";
import { FEEDBACK_RANKS } from "../rank-feedback.ts";
import type { LetterEvent } from "../read-event.ts";

/** How long back the busiest day of a receiver is looked for (rule 6.28). */
const STORM_DAYS = 28;

/** The letter that an event is about. */
export type KnownLetter = NonNullable<Awaited<ReturnType<typeof findLetter>>>;

/** What the policies ask about a person and a receiver before an event is written. */
export async function readHistory(db: Db, subscriberId: number, event: LetterEvent) {
  const day = Math.floor(event.at / DAY_MS);
  const { soft, delivered, storm } = await batch(db, {
    soft: db
      .select({ at: feedbackEvents.at })
      .from(feedbackEvents)
      .where(
        and(
          eq(feedbackEvents.subscriberId, subscriberId),
          eq(feedbackEvents.kind, "bounced"),
          eq(feedbackEvents.bounceClass, "soft"),
          isNull(feedbackEvents.parkedAt),
        ),
      ),
    delivered: db
      .select({ at: sql<number | null>`max(${deliveries.feedbackAt})`.as("delivered_at") })
      .from(enrollments)
      // A cross join keeps this order, in which the index of the ledger finds a reader's themes.
      .crossJoin(deliveries)
      .where(
        and(
          eq(enrollments.subscriberId, subscriberId),
          plannedThemesOf(sql`${enrollments.id}`),
          eq(deliveries.feedback, "delivered"),
        ),
      ),
    storm: db
      .select({
        today:
          sql<number>`coalesce(sum(case when ${bounceDays.day} = ${day} then ${bounceDays.count} end), 0)`.as(
            "today",
          ),
        busiestBefore:
          sql<number>`coalesce(max(case when ${bounceDays.day} < ${day} and ${bounceDays.day} >= ${day - STORM_DAYS} then ${bounceDays.count} end), 0)`.as(
            "busiest",
          ),
      })
      .from(bounceDays)
      .where(eq(bounceDays.domain, event.domain)),
  });
  return {
    softBouncesAt: soft.map(({ at }) => at),
    lastDeliveredAt: delivered[0]?.at ?? null,
    hardToday: storm[0]?.today ?? 0,
    busiestBefore: storm[0]?.busiestBefore ?? 0,
  };
}

/** Whether an event with this id was taken before. */
export async function isTaken(db: Db, svixId: string): Promise<boolean> {
  const taken = await db
    .select({ at: feedbackEvents.at })
    .from(feedbackEvents)
    .where(and(eq(feedbackEvents.svixId, svixId), isNull(feedbackEvents.parkedAt)));
  return taken.length > 0;
}

/**
 * Writes an event about a known letter, all in one batch. Every statement holds at most once by itself, so a repeated or
 * reordered event changes nothing that a stronger or later one has said. Of someone who was erased only the effects are
 * written, not the event.
 */
export async function writeFeedback(
  db: Db,
  kinds: Kinds,
  letter: KnownLetter,
  event: LetterEvent,
  effects: FeedbackEffects,
  meta: { readonly svixId: string; readonly now: number; readonly journaled: JournalSpan | null },
): Promise<void> {
  const { subscriber, runId } = letter;
  const { kind, at } = event;
  const { now } = meta;
  const family = familyOf(event.domain);
  const report: Report = { ...event, deliveryId: letter.deliveryId, ranks: FEEDBACK_RANKS };
  await batch(
    db,
    together(
      recordEvent(db, letter, event, meta),
      {
        ...(effects.countAs === null || runId === null
          ? {}
          : { counted: countAgainstRun(db, runId, effects.countAs, report) }),
        ...(effects.countHardBounce ? { bounceDay: countHardBounce(event, report) } : {}),
        ...(effects.unwanted === null
          ? {}
          : kinds.of(letter.kind).unwanted(letter.anchor, {
              as: effects.unwanted,
              now,
              isFirst: isNewReport(report),
            })),
      },
      // The event itself is the proof that the provider took the letter.
      proveAccepted(db, report, family, now),
      kind === "sent" ? {} : noteReport(db, report, family),
      kind === "failed" ? { failed: failAccepted(db, report, `provider: ${event.reason}`) } : {},
      subscriber === null ? {} : onSubscriber(db, subscriber, effects, { at, now }),
      meta.journaled === null ? {} : { saw: sawJournal(meta.journaled) },
    ),
  );
}

/** What an event comes to for the subscriber whom the letter went to. */
function onSubscriber(
  db: Db,
  { id, addressHash }: NonNullable<KnownLetter["subscriber"]>,
  effects: FeedbackEffects,
  { at, now }: { readonly at: number; readonly now: number },
) {
  const { suppression, stop, delivered } = effects;
  return together(
    suppression === null ? {} : suppressStatements(db, addressHash, suppression),
    stop === null ? {} : stopStatements(db, { subscriberId: id, what: "everything", reason: stop, now }),
    delivered ? { lifted: liftSoft(db, addressHash, at, now) } : {},
  );
}

/** Only what says more than "sent" or "delivered" is kept; those two end an event that was parked. */
function recordEvent(
  db: Db,
  letter: KnownLetter,
  event: LetterEvent,
  { svixId, now }: { readonly svixId: string; readonly now: number },
) {
  const own = eq(feedbackEvents.svixId, svixId);
  if (event.kind === "sent" || event.kind === "delivered") {
    return { unparked: db.delete(feedbackEvents).where(and(own, isNotNull(feedbackEvents.parkedAt))) };
  }
  const subscriberId = letter.subscriber?.id ?? null;
  const erased = sql`exists (select 1 from ${subscribers} where ${subscribers.id} = ${subscriberId}
    and ${subscribers.state} = 'erased')`;
  return {
    recorded: insertFrom(
      feedbackEvents,
      { ...stored(event, svixId, now), deliveryId: letter.deliveryId, subscriberId },
      sql`where not ${erased}
        ${onConflict(feedbackEvents, ["svixId"], { take: ["subscriberId"], set: { parkedAt: null } })}`,
    ),
    // One that was parked until its person was erased would else be taken again by every tick.
    unparked: db.delete(feedbackEvents).where(and(own, erased)),
  };
}

function countHardBounce(event: LetterEvent, report: Report) {
  return insertFrom(
    bounceDays,
    { domain: event.domain, day: Math.floor(event.at / DAY_MS), count: 1 },
    sql`where ${isNewReport(report)}
      ${onConflict(bounceDays, ["domain", "day"], { set: { count: sql`${bounceDays.count} + 1` } })}`,
  );
}

function stored(event: LetterEvent, svixId: string, now: number) {
  const { deliveryId, kind, bounceClass, reason, providerId, domain, at } = event;
  return { svixId, deliveryId, kind, bounceClass, reason, providerId, domain, at, receivedAt: now };
}

/** Keeps an event whose letter is not known, for `readUnparkable`. */
export async function parkEvent(
  db: Db,
  event: LetterEvent,
  meta: { readonly svixId: string; readonly now: number },
): Promise<void> {
  await db
    .insert(feedbackEvents)
    .values({ ...stored(event, meta.svixId, meta.now), parkedAt: meta.now })
    .onConflictDoNothing();
}

/** Parked events whose letter is known by now, the worst and oldest first; and forgets those parked before `forgetBefore`. */
export async function readUnparkable(db: Db, forgetBefore: number, limit: number) {
  const { svixId, deliveryId, kind, bounceClass, reason, providerId, domain, at, parkedAt } = feedbackEvents;
  const worst = sql`case when ${kind} in ('complained', 'bounced', 'suppressed') then 0 else 1 end`;
  const { parked } = await batch(db, {
    forgotten: db.delete(feedbackEvents).where(and(isNotNull(parkedAt), lt(parkedAt, forgetBefore))),
    parked: db
      .select({ svixId, deliveryId, kind, bounceClass, reason, providerId: providerId, domain, at })
      .from(feedbackEvents)
      .innerJoin(
        deliveries,
        sql`${deliveries.id} = ${deliveryId} and (${deliveries.providerId} is null or ${deliveries.providerId} = ${providerId})`,
      )
      .where(isNotNull(parkedAt))
      .orderBy(worst, parkedAt)
      .limit(limit),
  });
  return parked;
}
