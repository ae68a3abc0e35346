import { eq, sql } from "drizzle-orm";
import { prepared } from "../../platform/db/prepared.ts";
import {
  deliveries,
  enrollments,
  sequences,
  steps,
  subscribers,
  suppressions,
} from "../../platform/db/schema/index.ts";
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
import { ineligible, mayGetLetters, type Standing } from "../people/standing.ts";
import { enrollmentsOf, isEnrollmentOf, letterParts } from "./letter-kind.ts";

const NAME = "theme";

/** Where a reader of a sequence stands. */
export type ReaderStanding = Standing & {
  readonly enrollment: "active" | "paused" | "stopped" | "completed" | null;
};

/** A theme needs an active, unsuppressed reader and an enrollment that is neither paused nor stopped. */
export function mayGetTheme(standing: ReaderStanding) {
  if (standing.subscriber === "erased") return ineligible("erased");
  if (standing.enrollment === "paused") return ineligible("paused");
  if (standing.subscriber === "active" && standing.enrollment === "stopped") return ineligible("stopped");
  return mayGetLetters(standing);
}

type Details = {
  readonly linkGeneration: number;
  readonly sequenceSlug: string | null;
  readonly sequenceTitle: string | null;
  readonly stepSlug: string | null;
};

const members = prepared(memberValues, (db, of) =>
  db
    .select({
      ...memberColumns,
      ...recipientColumns,
      enrollment: enrollments.state,
      sequenceSlug: sequences.slug,
      sequenceTitle: sequences.title,
      stepSlug: steps.slug,
    })
    .from(deliveries)
    .innerJoin(subscribers, isRecipient)
    .leftJoin(enrollments, eq(enrollments.id, deliveries.anchor))
    .leftJoin(sequences, eq(sequences.id, enrollments.sequenceId))
    .leftJoin(steps, eq(steps.id, deliveries.intendedItem))
    .leftJoin(suppressions, isSuppressed(of.now))
    .where(memberCondition(NAME, of))
    .orderBy(deliveries.place),
);

/** The weekly letter: it hangs on an enrollment, and its item is the step. */
export const theme = defineKind<Details>({
  name: NAME,
  title: "data.kind.theme",
  lane: "letters",
  lateAfterMs: LATE_AFTER_MS,
  skipFreesItem: true,
  foundBySubject: true,
  hadAs: "theme",
  leaving: ({ anchor }) => ({ stops: "sequence", enrollmentId: anchor }),
  itemName: (item) => sql`(select ${steps.slug} from ${steps} where ${steps.id} = ${item})`,
  runOf: () => sql`null`,
  mailbox: subscriberMailbox,
  standing: subscriberStanding,
  anchorsOf: enrollmentsOf,
  belongs: isEnrollmentOf,
  unwanted: () => ({}),
  readMembers: async (db, rows) => {
    const found = await members(db, rows).run();
    return found.map((row) => {
      const { linkGeneration, sequenceSlug, sequenceTitle, stepSlug } = row;
      return memberOf(row, {
        eligibility: mayGetTheme(row),
        onProvidersList: false,
        details: { linkGeneration, sequenceSlug, sequenceTitle, stepSlug },
      });
    });
  },
  message: (member) => {
    const { stepSlug, sequenceSlug } = member.details;
    return { ...letterParts(member), stream: `${stepSlug ?? "none"}:${sequenceSlug ?? "account"}` };
  },
});
