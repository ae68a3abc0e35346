import { type SQL, sql } from "drizzle-orm";
import { DAY_MS } from "../../../platform/calendar/durations.ts";
import { startOfDate } from "../../../platform/calendar/slot.ts";
import type { Db } from "../../../platform/db/client.ts";
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
import type { Kinds } from "../../ledger/kind.ts";
import type { Condition, Segment } from "../segment.ts";

/** When a segment is asked, the zone of its dates, and what there is that a reader may have had. */
export type Asked = { readonly now: number; readonly timeZone: string; readonly kinds: Kinds };

/** People behind `after` and up to `upTo`, by their ids. */
export type IdRange = { readonly after: number; readonly upTo: number };

/** The people of a range to whom one of those letters comes next. */
export type ComesNext = (of: Extract<Condition, { readonly field: "next_theme" }>) => readonly number[];

/**
 * Condition on subscribers: people of a range of whom a segment is true; nobody who was erased. The same for a list, a forecast, an export, a job and the
 * lock of a broadcast. What a person wrote into it is only ever a bound value.
 */
export function isIn(segment: Segment, at: Asked, { after, upTo }: IdRange, comesNext: ComesNext): SQL {
  const { all, any = [] } = segment;
  const asked = { ...at, comesNext };
  const driver = driverOf(segment);
  const conditions = all.map((each) =>
    each === driver ? sql`${subscribers.id} in (${tagged(each, { after, upTo })})` : conditionOf(each, asked),
  );
  const alternatives = any.map((each) => conditionOf(each, asked));
  return sql.join(
    [
      sql`${subscribers.id} > ${after} and ${subscribers.id} <= ${upTo} and ${subscribers.state} <> 'erased'`,
      ...conditions,
      ...(alternatives.length === 0 ? [] : [sql`(${sql.join(alternatives, sql` or `)})`]),
    ],
    sql` and `,
  );
}

type Tag = Extract<Condition, { readonly field: "tag" }>;

/** Whether the planner's rule is asked about each of them, for which all enrollments of a range are read. */
export function asksNext({ all, any = [] }: Segment): boolean {
  return [...all, ...any].some(({ field }) => field === "next_theme");
}

/** The condition by which few people are found at once, in the order of their ids: a tag that all of them must have. Null where each must be looked at. */
function driverOf(segment: Segment): Tag | null {
  if (asksNext(segment)) return null;
  const { all } = segment;
  return (
    all.find((each): each is Tag => each.field === "tag" && each.not !== true && each.any_of.length === 1) ??
    null
  );
}

/** Query: the ids of those with a tag, of a range. */
function tagged({ any_of: [name = ""] }: Tag, { after, upTo }: IdRange): SQL {
  return sql`select ${readerTags.subscriberId} from ${readerTags} where ${readerTags.tagId} = (select ${tags.id} from ${tags}
    where ${tags.name} = ${name}) and ${readerTags.subscriberId} > ${after} and ${readerTags.subscriberId} <= ${upTo}`;
}

/** Where a part of a range ends in which at most `most` people are looked at: `upTo` where that's the whole of it. */
export async function partEnd(
  db: Db,
  segment: Segment,
  { after, upTo }: IdRange,
  most: number,
): Promise<number> {
  const driver = driverOf(segment);
  if (driver === null) return Math.min(after + most, upTo);
  const id = sql`${readerTags.subscriberId}`;
  const [row] = await db
    .select({
      id: sql<
        number | null
      >`(${tagged(driver, { after, upTo })} order by ${id} limit 1 offset ${most - 1})`.as("id"),
    })
    .from(sql`(select 1)`);
  return row?.id ?? upTo;
}

/** The newest people of all, by a segment's driver at most `most` to be looked at: the last id, and that of the first of them (1 where they're all). */
export async function newestPart(
  db: Db,
  segment: Segment,
  most: number,
): Promise<{ readonly last: number; readonly from: number }> {
  const driver = driverOf(segment);
  const lastId = sql`(select max(${subscribers.id}) from ${subscribers})`;
  const from =
    driver === null
      ? sql`max(1, ${lastId} - ${most - 1})`
      : sql`(${tagged(driver, { after: 0, upTo: Number.MAX_SAFE_INTEGER })}
          order by ${readerTags.subscriberId} desc limit 1 offset ${most - 1})`;
  const [row] = await db
    .select({
      last: sql<number | null>`${lastId}`.as("last_id"),
      from: sql<number | null>`${from}`.as("from_id"),
    })
    .from(sql`(select 1)`);
  return { last: row?.last ?? 0, from: row?.from ?? 1 };
}

/** Where a part of what's before `before` (an id) begins in which at most `most` people are looked at; null where that's all of it. */
export async function partStart(
  db: Db,
  segment: Segment,
  before: number,
  most: number,
): Promise<number | null> {
  const driver = driverOf(segment);
  const state = asksNext(segment)
    ? undefined
    : segment.all.find((each) => each.field === "state" && each.not !== true && each.any_of.length === 1);
  const from =
    driver !== null
      ? sql`${tagged(driver, { after: 0, upTo: before - 1 })} order by ${readerTags.subscriberId}`
      : sql`select ${subscribers.id} from ${subscribers} where ${subscribers.id} < ${before}
          ${state?.field === "state" ? sql`and ${subscribers.state} = ${state.any_of[0]}` : sql``} order by ${subscribers.id}`;
  const [row] = await db
    .select({ id: sql<number | null>`(${from} desc limit 1 offset ${most - 1})`.as("id") })
    .from(sql`(select 1)`);
  return row?.id ?? null;
}

type AskedHere = Asked & { readonly comesNext: ComesNext };

function conditionOf(of: Condition, asked: AskedHere): SQL {
  const plain = plainly(of, asked);
  return of.not === true ? sql`not ${plain}` : plain;
}

/** Their deliveries under a kind hang on themselves or on an enrollment; what was skipped they don't have. */
const isTheirs = sql`${deliveries.state} in ('accepted', 'uncertain')`;
const living = sql`${enrollments.state} in ('active', 'paused')`;

function plainly(of: Condition, { now, timeZone, kinds, comesNext }: AskedHere): SQL {
  const wasHadAs = (what: "theme" | "broadcast") =>
    among(
      sql`${deliveries.kind}`,
      kinds.namesWhere(({ hadAs }) => hadAs === what),
    );
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
            and ${wasHadAs("theme")} and ${deliveries.anchor} = ${enrollments.id} and ${isTheirs})`,
      );
    case "next_theme":
      return among(sql`${subscribers.id}`, comesNext(of));
    case "had_broadcast":
      return sql`exists (select 1 from ${deliveries} where ${wasHadAs("broadcast")}
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
