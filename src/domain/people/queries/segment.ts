import { type SQL, sql } from "drizzle-orm";
import { DAY_MS } from "../../../platform/calendar/durations.ts";
import { startOfDate } from "../../../platform/calendar/slot.ts";
import { among } from "../../../platform/db/json-rows.ts";
import {
  consents,
  deliveries,
  enrollments,
  feedbackEvents,
  optOuts,
  partners,
  readerTags,
  sequences,
  steps,
  subscribers,
  tags,
} from "../../../platform/db/schema/index.ts";
import type { Condition, Segment } from "../segment.ts";

/** When a segment is asked, the zone of its dates, and the kinds of delivery that are themes and broadcasts. */
export type AskedAt = {
  readonly now: number;
  readonly timeZone: string;
  readonly kinds: { readonly theme: string; readonly broadcast: string };
};

/**
 * Condition on subscribers: what a segment is true of; nobody who was erased. The same for a list, a forecast, an export, a job and the lock of a
 * broadcast. What a person wrote into it is only ever a bound value.
 */
export function isIn({ all, any = [] }: Segment, asked: AskedAt): SQL {
  const conditions = all.map((each) => conditionOf(each, asked));
  const alternatives = any.map((each) => conditionOf(each, asked));
  return sql.join(
    [
      sql`${subscribers.state} <> 'erased'`,
      ...conditions,
      ...(alternatives.length === 0 ? [] : [sql`(${sql.join(alternatives, sql` or `)})`]),
    ],
    sql` and `,
  );
}

function conditionOf(of: Condition, asked: AskedAt): SQL {
  const plain = plainly(of, asked);
  return of.not === true ? sql`not ${plain}` : plain;
}

/** Their deliveries under a kind hang on themselves or on an enrollment; what was skipped they don't have. */
const isTheirs = sql`${deliveries.state} in ('accepted', 'uncertain')`;
const living = sql`${enrollments.state} in ('active', 'paused')`;

function plainly(of: Condition, { now, timeZone, kinds }: AskedAt): SQL {
  switch (of.field) {
    case "state":
      return among(sql`${subscribers.state}`, of.any_of);
    case "joined_before":
      return sql`coalesce(${subscribers.confirmedAt} < ${startOfDate(of.date, timeZone)}, 0)`;
    case "joined_within":
      return sql`coalesce(${subscribers.confirmedAt} > ${now - of.days * DAY_MS}, 0)`;
    case "source":
      return sql`exists (select 1 from ${consents} left join ${partners} on ${partners.id} = ${consents.partnerId}
        where ${consents.id} = ${subscribers.firstConsentId}
          and ${among(sql`coalesce(${partners.slug}, 'own')`, of.any_of)})`;
    case "tag":
      return sql`exists (select 1 from ${readerTags} join ${tags} on ${tags.id} = ${readerTags.tagId}
        where ${readerTags.subscriberId} = ${subscribers.id} and ${among(sql`${tags.name}`, of.any_of)})`;
    case "answer":
      return enrolled(of.sequence, among(sql`${enrollments.answer}`, of.any_of));
    case "sequence":
      return enrolled(
        of.sequence,
        of.any_of === undefined ? sql`1` : among(sql`${enrollments.state}`, of.any_of),
      );
    case "had_theme":
      return enrolled(
        of.sequence,
        sql`exists (select 1 from ${steps} join ${deliveries} on ${deliveries.item} = ${steps.id}
          where ${steps.sequenceId} = ${enrollments.sequenceId} and ${among(sql`${steps.slug}`, of.any_of)}
            and ${deliveries.kind} = ${kinds.theme} and ${deliveries.anchor} = ${enrollments.id} and ${isTheirs})`,
      );
    case "had_broadcast":
      return sql`exists (select 1 from ${deliveries} where ${deliveries.kind} = ${kinds.broadcast}
        and ${deliveries.anchor} = ${subscribers.id} and ${deliveries.round} = 0 and ${among(sql`${deliveries.item}`, of.any_of)}
        and ${isTheirs})`;
    case "language":
      return among(sql`${subscribers.language}`, of.any_of);
    case "time_zone":
      return goesOn(among(sql`${enrollments.timeZone}`, of.any_of));
    case "weekday":
      return goesOn(among(sql`${enrollments.weekday}`, of.any_of));
    case "every_weeks":
      return goesOn(among(sql`${enrollments.everyWeeks}`, of.any_of));
    case "left_within":
      return sql`exists (select 1 from ${optOuts} where ${optOuts.addressHash} = ${subscribers.addressHash}
        and ${optOuts.kind} <> 'suppressed' and ${optOuts.at} > ${now - of.days * DAY_MS})`;
    case "soft_bounces":
      return sql`(select count(*) from ${feedbackEvents} where ${feedbackEvents.subscriberId} = ${subscribers.id}
        and ${feedbackEvents.bounceClass} = 'soft' and ${feedbackEvents.at} > ${now - of.days * DAY_MS}) >= ${of.at_least}`;
  }
}

function enrolled(sequence: string, condition: SQL): SQL {
  return sql`exists (select 1 from ${enrollments} join ${sequences} on ${sequences.id} = ${enrollments.sequenceId}
    where ${enrollments.subscriberId} = ${subscribers.id} and ${sequences.slug} = ${sequence} and ${condition})`;
}

function goesOn(condition: SQL): SQL {
  return sql`exists (select 1 from ${enrollments} where ${enrollments.subscriberId} = ${subscribers.id} and ${living} and ${condition})`;
}
