import { eq, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/sqlite-core";
import { clockTime, shortDate } from "../../platform/calendar/format.ts";
import { prepared } from "../../platform/db/prepared.ts";
import {
  deliveries,
  enrollments,
  type PinnedMember,
  renditions,
  sequences,
  subscribers,
  suppressions,
} from "../../platform/db/schema/index.ts";
import type { Language } from "../../platform/texts/languages.ts";
import { say } from "../../platform/texts/texts.ts";
import { defineKind } from "../ledger/kind.ts";
import { LATE_AFTER_MS } from "../ledger/late-after.ts";
import { memberColumns, memberCondition, memberOf, memberValues } from "../ledger/queries/member-rows.ts";
import {
  isRecipient,
  isSuppressed,
  recipientColumns,
  subscriberMailbox,
  subscriberStanding,
} from "../people/queries/standing.ts";
import { mayGetLetters } from "../people/standing.ts";
import { enrollmentsOf, isEnrollmentOf, letterParts } from "./letter-kind.ts";
import { theme } from "./theme-kind.ts";

const NAME = "welcome";

const began = alias(deliveries, "began");

type Details = {
  readonly linkGeneration: number;
  readonly sequenceSlug: string | null;
  readonly sequenceTitle: string | null;
  /** When the first theme comes; null where the reader has paused since. */
  readonly nextDueAt: number | null;
  readonly timeZone: string | null;
  /** The slot of a theme that was planned together with the welcome: it comes at once. Attempts from before there were any have none. */
  readonly beganAt?: number | null;
  /** Attempts from before there were others have none. */
  readonly language?: Language;
};

const members = prepared(memberValues, (db, of) =>
  db
    .select({
      ...memberColumns,
      ...recipientColumns,
      nextDueAt: enrollments.nextDueAt,
      timeZone: enrollments.timeZone,
      language: renditions.language,
      beganAt: sql<
        number | null
      >`(select max(${began.slotAt}) from ${deliveries} began where ${began.kind} = ${theme.name}
        and ${began.anchor} = ${enrollments.id} and ${began.copy} = 0 and ${began.item} is not null
        and ${began.slotAt} = ${deliveries.slotAt})`,
      sequenceSlug: sequences.slug,
      sequenceTitle: sequences.title,
    })
    .from(deliveries)
    .innerJoin(subscribers, isRecipient)
    .leftJoin(enrollments, eq(enrollments.id, deliveries.anchor))
    .leftJoin(sequences, eq(sequences.id, enrollments.sequenceId))
    .leftJoin(renditions, eq(renditions.id, deliveries.renditionId))
    .leftJoin(suppressions, isSuppressed(of.now))
    .where(memberCondition(NAME, of))
    .orderBy(deliveries.place),
);

/**
 * The first letter of an enrollment and round (item 0), or the shorter one to someone who came back (item: the consent by which
 * they did).
 */
export const welcome = defineKind<Details>({
  name: NAME,
  title: "data.kind.welcome",
  lane: "confirmations",
  lateAfterMs: LATE_AFTER_MS,
  skipFreesItem: false,
  foundBySubject: true,
  hadAs: null,
  leaving: ({ anchor }) => ({ stops: "sequence", enrollmentId: anchor }),
  itemName: () => sql`null`,
  runOf: () => sql`null`,
  mailbox: subscriberMailbox,
  standing: subscriberStanding,
  anchorsOf: enrollmentsOf,
  belongs: isEnrollmentOf,
  unwanted: () => ({}),
  readMembers: async (db, rows) => {
    const found = await members(db, rows).run();
    return found.map((row) => {
      const { linkGeneration, sequenceSlug, sequenceTitle, nextDueAt, beganAt, timeZone } = row;
      const language = row.language ?? "en";
      return memberOf(row, {
        eligibility: mayGetLetters(row),
        onProvidersList: false,
        details: { linkGeneration, sequenceSlug, sequenceTitle, nextDueAt, beganAt, timeZone, language },
      });
    });
  },
  message: (member) => ({ ...letterParts(member), texts: themeDates(member) }),
});

/** When the first theme comes, and the one after it where the first comes at once; as texts, by slot. */
function themeDates({ slotAt: wroteAt, details }: PinnedMember<Details>): Readonly<Record<string, string>> {
  const { nextDueAt, beganAt, timeZone, language = "en" } = details;
  if (timeZone === null) return {};
  const written = (at: number) =>
    say(
      "mail.moment",
      { date: shortDate(at, timeZone, wroteAt, language), time: clockTime(at, timeZone, language) },
      language,
    );
  const next = nextDueAt === null ? say("mail.resumed", {}, language) : written(nextDueAt);
  return { first_theme_date: beganAt == null ? next : written(beganAt), next_theme_date: next };
}
