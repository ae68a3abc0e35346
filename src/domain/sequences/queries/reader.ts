import { and, desc, eq, inArray, isNull, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import { batch, type ResultOf } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { listOf } from "../../../platform/db/json-rows.ts";
import {
  deliveries,
  enrollments,
  type ReaderQuestion,
  readerChanges,
  renditions,
  sequences,
  steps,
  subscribers,
  suppressions,
} from "../../../platform/db/schema/index.ts";
import type { Language } from "../../../platform/texts/languages.ts";
import { lastArrival } from "../../ledger/ledger-theme.ts";
import { isSuppressed } from "../../people/queries/standing.ts";
import type { SubscriberState } from "../../people/subscriber-state.ts";
import type { SuppressionReason } from "../../people/suppression.ts";
import { stepsAhead } from "../plan-theme.ts";
import type { Scheduled } from "../schedule.ts";
import { canLeave, lastStop, lostBroadcasts } from "./stop.ts";
import { ledgerColumns, themesOf } from "./themes.ts";

const offered = alias(sequences, "offered");

/** A theme that went to the reader. */
type ReceivedTheme = {
  readonly title: string;
  readonly slotAt: number;
  readonly renditionId: number;
  /** Whether it can be read online: letters from before there were web copies cannot. */
  readonly online: boolean;
};

/** An enrollment as its reader sees it. */
export type EnrollmentView = Scheduled & {
  readonly enrollmentId: number;
  readonly sequenceId: number;
  readonly sequenceTitle: string;
  /** Of the sequence and its titles; the page itself may be in another. */
  readonly language: Language;
  /** The sequence's question, and the block that their answer chooses (empty for none). */
  readonly question: ReaderQuestion | null;
  readonly answer: string;
  /** The sequence that's offered after the last letter. */
  readonly offers: { readonly slug: string; readonly title: string } | null;
  /** Whether it goes on, or is completed and was not left since: leaving that keeps a publication from resuming it. */
  readonly canLeave: boolean;
  /** When the reader last came back to it after leaving. */
  readonly returnedAt: number | null;
  /** Newest last. */
  readonly received: readonly ReceivedTheme[];
  /** Titles of the themes still to come, in order, drafts left out. */
  readonly ahead: readonly string[];
  /** How many themes (drafts included) this reader has not had. */
  readonly lacking: number;
  /** What keeps the next letter from coming in its slot, as far as is known now. */
  readonly heldUp: "draft" | "open_letter" | null;
  /** The last time it was stopped, and as what; null where it never was. */
  readonly stopped: { readonly at: number; readonly reason: string } | null;
};

/** What a reader changed last. `was` and `became` are what `request` made of it. */
export type ChangeView = {
  readonly changeId: number;
  readonly enrollmentId: number | null;
  readonly kind: string;
  readonly at: number;
  readonly seen: number;
  readonly request: string;
  readonly was: string;
  readonly became: string;
};

export type ReaderView = {
  readonly subscriberId: number;
  readonly address: string;
  readonly addressHash: string;
  readonly state: SubscriberState;
  readonly firstName: string;
  /** Of their pages and mails. */
  readonly language: Language;
  /** Whether they get broadcasts; and whether those ended as they left their last sequence, so that they may want to keep them. */
  readonly broadcasts: boolean;
  readonly lostBroadcasts: boolean;
  readonly revision: number;
  readonly linkGeneration: number;
  readonly suppression: SuppressionReason | null;
  readonly lastChange: ChangeView | null;
  readonly enrollments: readonly EnrollmentView[];
};

/** A subscriber with all enrollments, in one batch; null when there is no such subscriber. */
export async function readReader(db: Db, subscriberId: number, now: number): Promise<ReaderView | null> {
  const { people, changes, own, published } = await batch(db, readerStatements(db, subscriberId, now));
  const [person] = people;
  if (person === undefined) return null;
  const views = own.map((row) => enrollmentView(row, published));
  const lost = person.lostBroadcasts === 1;
  return { ...person, lostBroadcasts: lost, lastChange: changes[0] ?? null, enrollments: views };
}

/** The themes that an enrollment's reader had or may get, with what can be read online. */
const letters = listOf(
  {
    ...ledgerColumns,
    renditionId: deliveries.renditionId,
    online: sql<0 | 1>`exists (select 1 from ${renditions} where ${renditions.id} = ${deliveries.renditionId}
      and ${renditions.page} <> '')`,
  },
  sql`from ${deliveries} where ${themesOf(sql`${enrollments.id}`)}`,
);

function readerStatements(db: Db, subscriberId: number, now: number) {
  const ownSequences = db
    .select({ id: enrollments.sequenceId })
    .from(enrollments)
    .where(eq(enrollments.subscriberId, subscriberId));
  return {
    people: db
      .select({
        subscriberId: subscribers.id,
        address: subscribers.address,
        addressHash: subscribers.addressHash,
        state: subscribers.state,
        firstName: subscribers.firstName,
        language: subscribers.language,
        broadcasts: subscribers.broadcasts,
        lostBroadcasts: sql<0 | 1>`${lostBroadcasts}`.as("lost_broadcasts"),
        revision: subscribers.revision,
        linkGeneration: subscribers.linkGeneration,
        suppression: suppressions.reason,
      })
      .from(subscribers)
      .leftJoin(suppressions, isSuppressed(now))
      .where(eq(subscribers.id, subscriberId)),
    changes: db
      .select({
        changeId: readerChanges.id,
        enrollmentId: readerChanges.enrollmentId,
        kind: readerChanges.kind,
        at: readerChanges.at,
        seen: readerChanges.seen,
        request: readerChanges.request,
        was: readerChanges.was,
        became: readerChanges.became,
      })
      .from(readerChanges)
      .where(eq(readerChanges.subscriberId, subscriberId))
      .orderBy(desc(readerChanges.id))
      .limit(1),
    own: db
      .select({
        enrollmentId: enrollments.id,
        sequenceId: enrollments.sequenceId,
        sequenceTitle: sequences.title,
        language: sequences.language,
        settings: sequences.settings,
        offeredSlug: sql<string | null>`${offered.slug}`.as("offered_slug"),
        offeredTitle: sql<string | null>`${offered.title}`.as("offered_title"),
        answer: enrollments.answer,
        state: enrollments.state,
        round: enrollments.round,
        weekday: enrollments.weekday,
        hour: enrollments.hour,
        timeZone: enrollments.timeZone,
        everyWeeks: enrollments.everyWeeks,
        nextDueAt: enrollments.nextDueAt,
        notBefore: enrollments.notBefore,
        pauseUntil: enrollments.pauseUntil,
        resumeAt: enrollments.resumeAt,
        enrolledAt: enrollments.enrolledAt,
        returnedAt: enrollments.returnedAt,
        canLeave: sql<0 | 1>`${canLeave}`.as("can_leave"),
        stopped: lastStop
          .mapWith((json: string): EnrollmentView["stopped"] => JSON.parse(json))
          .as("stopped"),
        ledger: letters.as("ledger"),
      })
      .from(enrollments)
      .innerJoin(sequences, eq(sequences.id, enrollments.sequenceId))
      .innerJoin(subscribers, eq(subscribers.id, enrollments.subscriberId))
      .leftJoin(
        offered,
        and(eq(offered.slug, sql`${sequences.settings} ->> '$.next'`), isNull(offered.archivedAt)),
      )
      .where(eq(enrollments.subscriberId, subscriberId))
      .orderBy(enrollments.id),
    published: db
      .select({
        sequenceId: steps.sequenceId,
        stepId: steps.id,
        title: steps.title,
        position: steps.position,
        status: steps.status,
        backfill: steps.backfill,
        renditionId: steps.renditionId,
        archivedAt: steps.archivedAt,
      })
      .from(steps)
      .where(inArray(steps.sequenceId, ownSequences))
      .orderBy(steps.sequenceId, steps.position),
  };
}

type Read = ReturnType<typeof readerStatements>;

function enrollmentView(
  row: ResultOf<Read["own"]>[number],
  all: ResultOf<Read["published"]>,
): EnrollmentView {
  const { ledger, round, stopped, canLeave: leavable, settings, offeredSlug, ...enrollment } = row;
  const own = all.filter((step) => step.sequenceId === row.sequenceId);
  const living = own.filter((step) => step.archivedAt === null).map((step) => ({ ...step, variants: {} }));
  const ahead = stepsAhead(round, ledger, living);
  const went = ledger.filter(({ state }) => state === "accepted" || state === "uncertain");
  return {
    ...enrollment,
    question: settings.question,
    offers: offeredSlug === null ? null : { slug: offeredSlug, title: row.offeredTitle ?? "" },
    canLeave: leavable === 1,
    stopped,
    lastAt: lastArrival(ledger),
    received: went
      .sort((a, b) => a.slotAt - b.slotAt)
      .map(({ stepId, slotAt, renditionId, online }) => ({
        title: own.find((step) => step.stepId === stepId)?.title ?? "",
        slotAt,
        renditionId,
        online: online === 1,
      })),
    heldUp: ledger.some(({ state }) => state === "held")
      ? "open_letter"
      : ahead[0]?.status === "draft"
        ? "draft"
        : null,
    ahead: ahead.filter(({ status }) => status === "published").map(({ title }) => title),
    lacking: ahead.length,
  };
}
