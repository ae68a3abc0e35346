import { eq, sql } from "drizzle-orm";
import { clockTime, shortDate } from "../../platform/calendar/format.ts";
import { prepared } from "../../platform/db/prepared.ts";
import {
  deliveries,
  enrollments,
  type PinnedMember,
  sequences,
  subscribers,
  suppressions,
} from "../../platform/db/schema/index.ts";
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

const NAME = "welcome";

type Details = {
  readonly linkGeneration: number;
  readonly sequenceSlug: string | null;
  readonly sequenceTitle: string | null;
  /** When the first theme comes; null where the reader has paused since. */
  readonly nextDueAt: number | null;
  readonly timeZone: string | null;
};

const members = prepared(memberValues, (db, of) =>
  db
    .select({
      ...memberColumns,
      ...recipientColumns,
      nextDueAt: enrollments.nextDueAt,
      timeZone: enrollments.timeZone,
      sequenceSlug: sequences.slug,
      sequenceTitle: sequences.title,
    })
    .from(deliveries)
    .innerJoin(subscribers, isRecipient)
    .leftJoin(enrollments, eq(enrollments.id, deliveries.anchor))
    .leftJoin(sequences, eq(sequences.id, enrollments.sequenceId))
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
  leaving: ({ anchor }) => ({ stops: "sequence", enrollmentId: anchor }),
  itemName: () => sql`null`,
  mailbox: subscriberMailbox,
  standing: subscriberStanding,
  anchorsOf: enrollmentsOf,
  belongs: isEnrollmentOf,
  unwanted: () => ({}),
  readMembers: async (db, rows) => {
    const found = await members(db, rows).run();
    return found.map((row) => {
      const { linkGeneration, sequenceSlug, sequenceTitle, nextDueAt, timeZone } = row;
      return memberOf(row, {
        eligibility: mayGetLetters(row),
        onProvidersList: false,
        details: { linkGeneration, sequenceSlug, sequenceTitle, nextDueAt, timeZone },
      });
    });
  },
  message: (member) => ({ ...letterParts(member), texts: firstThemeDate(member) }),
});

function firstThemeDate({
  slotAt: wroteAt,
  details,
}: PinnedMember<Details>): Readonly<Record<string, string>> {
  const { nextDueAt, timeZone } = details;
  if (timeZone === null) return {};
  const date =
    nextDueAt === null
      ? say("mail.resumed")
      : say("mail.moment", {
          date: shortDate(nextDueAt, timeZone, wroteAt, "en"),
          time: clockTime(nextDueAt, timeZone, "en"),
        });
  return { first_theme_date: date };
}
