import { sql } from "drizzle-orm";
import { batch } from "../../platform/db/batch.ts";
import type { Db } from "../../platform/db/client.ts";
import { sawJournal } from "../../platform/db/read-marks.ts";
import { stopStatements, suppressStatements } from "../people/queries/opting-out.ts";
import type { Suppression } from "../people/suppression.ts";
import { FEEDBACK_RANKS } from "./rank-feedback.ts";
import type { LetterEvent } from "./read-event.ts";

const DAY_MS = 24 * 3_600_000;

/** The letter that an event is about; null where this database does not know it (yet), or it has another id at the provider. */
export type KnownLetter = {
  readonly deliveryId: number;
  readonly subscriberId: number;
  readonly addressHash: string;
  readonly runId: number | null;
  /** When the person confirmed last: what was reported of an older letter does not undo it. */
  readonly confirmedAt: number | null;
};

export async function findLetter(db: Db, event: LetterEvent): Promise<KnownLetter | null> {
  const row = await db.get<KnownLetter>(sql`
    select d.id as deliveryId, d.recipient_id as subscriberId, s.address_hash as addressHash, d.run_id as runId,
      s.confirmed_at as confirmedAt
    from deliveries d join subscribers s on s.id = d.recipient_id
    where d.id = ${event.deliveryId} and (d.provider_id is null or d.provider_id = ${event.providerId})`);
  return row ?? null;
}

/** What the policies ask about a person and a receiver before an event is written. */
export async function readHistory(db: Db, letter: KnownLetter, event: LetterEvent) {
  const day = Math.floor(event.at / DAY_MS);
  const results = await batch(db, [
    sql`select at from feedback_events where subscriber_id = ${letter.subscriberId} and kind = 'bounced'
      and bounce_class = 'soft' and parked_at is null`,
    sql`
      select max(d.feedback_at) as at from enrollments e cross join deliveries d on d.kind = 'theme' and d.anchor = e.id
      where e.subscriber_id = ${letter.subscriberId} and d.feedback = 'delivered'`,
    sql`
      select coalesce(sum(case when day = ${day} then count end), 0) as today,
        coalesce(max(case when day < ${day} and day >= ${day - 28} then count end), 0) as busiestBefore
      from bounce_days where domain = ${event.domain}`,
  ]);
  const [delivered] = results[1] as { at: number | null }[];
  const [storm] = results[2] as { today: number; busiestBefore: number }[];
  return {
    softBouncesAt: (results[0] as { at: number }[]).map((row) => row.at),
    lastDeliveredAt: delivered?.at ?? null,
    hardToday: storm?.today ?? 0,
    busiestBefore: storm?.busiestBefore ?? 0,
  };
}

/** What an event comes to, besides its own record. */
export type FeedbackEffects = {
  readonly suppression: Suppression | null;
  /** Stops everything that the person gets, as the reason given. */
  readonly stop: "complaint" | "bounce" | null;
  /** Lifts a suspension for soft bounces that are older than this delivery. */
  readonly delivered: boolean;
  /** Counts against the run. */
  readonly countAs: "bounced" | "complained" | "failed" | null;
  readonly countHardBounce: boolean;
};

/** Whether an event with this id was taken before. */
export async function isTaken(db: Db, svixId: string): Promise<boolean> {
  const row = await db.get(
    sql`select 1 as taken from feedback_events where svix_id = ${svixId} and parked_at is null`,
  );
  return row !== undefined;
}

/**
 * Writes an event about a known letter, all in one batch. Every statement holds at most once by itself, so a repeated or
 * reordered event changes nothing that a stronger or later one has said. Of somebody who was erased only the effects are
 * written, not the event.
 */
export async function writeFeedback(
  db: Db,
  letter: KnownLetter,
  event: LetterEvent,
  effects: FeedbackEffects,
  meta: { readonly svixId: string; readonly now: number; readonly lastEntry: number | null },
): Promise<void> {
  const { deliveryId, subscriberId, addressHash, runId } = letter;
  const { kind, at, providerId } = event;
  const rank = FEEDBACK_RANKS.indexOf(kind as (typeof FEEDBACK_RANKS)[number]);
  const rankOf = sql`case coalesce(feedback, '') ${sql.join(
    FEEDBACK_RANKS.map((name, place) => sql`when ${name} then ${sql.raw(String(place))}`),
    sql` `,
  )} else -1 end`;
  const own = sql`id = ${deliveryId} and (provider_id is null or provider_id = ${providerId})`;
  const statements = [];
  if (kind !== "sent" && kind !== "delivered") {
    statements.push(sql`
      insert into feedback_events (svix_id, delivery_id, subscriber_id, kind, bounce_class, reason, provider_id, domain, at,
        received_at)
      select ${meta.svixId}, ${deliveryId}, ${subscriberId}, ${kind}, ${event.bounceClass}, ${event.reason}, ${providerId},
        ${event.domain}, ${at}, ${meta.now}
      where not exists (select 1 from subscribers s where s.id = ${subscriberId} and s.state = 'erased')
      on conflict (svix_id) do update set subscriber_id = excluded.subscriber_id, parked_at = null`);
    // One that was parked until its person was erased would else be taken again by every tick.
    statements.push(sql`
      delete from feedback_events where svix_id = ${meta.svixId}
        and exists (select 1 from subscribers s where s.id = ${subscriberId} and s.state = 'erased')`);
  } else {
    statements.push(
      sql`delete from feedback_events where svix_id = ${meta.svixId} and parked_at is not null`,
    );
  }
  if (effects.countAs !== null && runId !== null) {
    const counter = sql.raw(effects.countAs);
    statements.push(sql`
      update runs set ${counter} = ${counter} + 1 where id = ${runId} and exists (
        select 1 from deliveries where ${own} and ${rankOf} < ${rank})`);
  }
  if (effects.countHardBounce) {
    statements.push(sql`
      insert into bounce_days (domain, day, count) select ${event.domain}, ${Math.floor(at / DAY_MS)}, 1
      where exists (select 1 from deliveries where ${own} and ${rankOf} < ${rank})
      on conflict (domain, day) do update set count = bounce_days.count + 1`);
  }
  // The event itself is the proof that the provider took the letter.
  statements.push(sql`
    update deliveries set state = 'accepted', provider_id = ${providerId}, settled_at = ${meta.now}, reason = null
    where ${own} and (state = 'uncertain' or state = 'planned' and exists (
      select 1 from attempts a where a.batch_id = deliveries.batch_id
        and (a.outcome is null or a.outcome like 'unanswered%')))`);
  if (kind !== "sent") {
    statements.push(sql`
      update deliveries set feedback = ${kind}, feedback_at = ${at} where ${own}
        and (${rankOf} < ${rank} or (feedback = ${kind} and feedback_at < ${at}))`);
  }
  if (kind === "failed") {
    statements.push(sql`
      update deliveries set state = 'failed', reason = ${`provider: ${event.reason}`}, settled_at = ${meta.now}
      where ${own} and state = 'accepted'`);
  }
  if (effects.suppression !== null) {
    statements.push(...suppressStatements(addressHash, effects.suppression));
  }
  if (effects.stop !== null) {
    statements.push(
      ...stopStatements({ subscriberId, enrollmentId: null, reason: effects.stop, now: meta.now }),
    );
  }
  if (effects.delivered) {
    statements.push(sql`
      update suppressions set lifted_at = ${meta.now}, note = 'delivered'
      where address_hash = ${addressHash} and reason = 'soft' and lifted_at is null and at < ${at}`);
  }
  if (meta.lastEntry !== null) statements.push(sawJournal(meta.lastEntry));
  await batch(db, statements);
}

/** Keeps an event whose letter is not known, for `unpark`. */
export async function parkEvent(
  db: Db,
  event: LetterEvent,
  meta: { readonly svixId: string; readonly now: number },
): Promise<void> {
  await db.run(sql`
    insert into feedback_events (svix_id, delivery_id, kind, bounce_class, reason, provider_id, domain, at, received_at,
      parked_at)
    values (${meta.svixId}, ${event.deliveryId}, ${event.kind}, ${event.bounceClass}, ${event.reason}, ${event.providerId},
      ${event.domain}, ${event.at}, ${meta.now}, ${meta.now})
    on conflict (svix_id) do nothing`);
}

/** Parked events whose letter is known by now, oldest first; and forgets those parked before `forgetBefore`. */
export async function readUnparkable(db: Db, forgetBefore: number, limit: number) {
  const [, rows] = await batch(db, [
    sql`delete from feedback_events where parked_at is not null and parked_at < ${forgetBefore}`,
    sql`
      select f.svix_id as svixId, f.delivery_id as deliveryId, f.kind as kind, f.bounce_class as bounceClass, f.reason as reason,
        f.provider_id as providerId, f.domain as domain, f.at as at
      from feedback_events f join deliveries d on d.id = f.delivery_id
        and (d.provider_id is null or d.provider_id = f.provider_id)
      where f.parked_at is not null
      order by case when f.kind in ('complained', 'bounced', 'suppressed') then 0 else 1 end, f.parked_at limit ${limit}`,
  ]);
  return rows as Array<{
    readonly svixId: string;
    readonly deliveryId: number;
    readonly kind: LetterEvent["kind"];
    readonly bounceClass: LetterEvent["bounceClass"];
    readonly reason: string;
    readonly providerId: string;
    readonly domain: string;
    readonly at: number;
  }>;
}
