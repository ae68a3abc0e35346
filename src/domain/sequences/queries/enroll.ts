import { sql } from "drizzle-orm";
import type { Slot } from "../../../platform/calendar/slot.ts";
import { consents, enrollments, sequences } from "../../../platform/db/schema/index.ts";
import { excluded, insertFrom, onConflict } from "../../../platform/db/write.ts";
import { planWaiting } from "../../ledger/queries/plan-delivery.ts";
import { systemMail } from "../../people/queries/system-mails.ts";
import { theme } from "../theme-kind.ts";
import { welcome } from "../welcome-kind.ts";

type Confirmed = { readonly consentId: number; readonly confirmationId: string };

/** The theme that a reader gets at once, and when the one after it comes. Decided on a version of the sequence. */
export type FirstTheme = {
  readonly stepId: number;
  readonly renditionId: number;
  readonly version: number;
  readonly nextDueAt: number;
};

/** Where someone is enrolled: their slot and pace, and when their next theme comes, unless the first one comes at once. */
export type Enrolled = {
  readonly slot: Slot;
  readonly everyWeeks: number;
  readonly nextDueAt: number;
  readonly atOnce: FirstTheme | null;
};

/** No theme: a sequence has no version 0. */
const NONE: FirstTheme = { stepId: 0, renditionId: 0, version: 0, nextDueAt: 0 };

/** Condition: the sequence of the consent is still at the version on which the first theme was decided. */
const isStill = ({ version }: Pick<FirstTheme, "version">) =>
  sql`exists (select 1 from ${sequences} where ${sequences.id} = ${consents.sequenceId} and ${sequences.version} = ${version})`;

/** Statement: enrolls the person whom this request confirmed; an enrollment that was stopped goes on in the slot that it had. */
export function enroll(by: Confirmed, into: Enrolled, now: number) {
  const { weekday, hour, timeZone } = into.slot;
  const { everyWeeks, nextDueAt, atOnce } = into;
  return insertFrom(
    enrollments,
    {
      subscriberId: consents.subscriberId,
      sequenceId: consents.sequenceId,
      state: "active",
      weekday,
      hour,
      timeZone,
      everyWeeks,
      nextDueAt:
        atOnce === null
          ? nextDueAt
          : sql`case when ${isStill(atOnce)} then ${atOnce.nextDueAt} else ${nextDueAt} end`,
      answer: consents.answer,
      enrolledAt: now,
    },
    sql`from ${consents} where ${consents.id} = ${by.consentId} and ${consents.confirmationId} = ${by.confirmationId}
      ${onConflict(enrollments, ["subscriberId", "sequenceId"], {
        take: ["nextDueAt"],
        set: {
          state: "active",
          returnedAt: excluded(enrollments, "enrolledAt"),
          answer: sql`coalesce(nullif(${excluded(enrollments, "answer")}, ''), ${enrollments.answer})`,
        },
        where: sql`${enrollments.state} = 'stopped'`,
      })}`,
  );
}

/**
 * Statement: plans the welcome of the enrollment that a won confirmation stands for: one an enrollment and round (item 0). Whom
 * this confirmation brought back gets the shorter one instead, once for each (item: the consent), if they go on.
 */
export function planWelcome(by: Confirmed, goesOn: boolean, now: number) {
  const back = sql`(${enrollments.state} = 'active' and coalesce(${enrollments.returnedAt} = ${now}, 0))`;
  return planWaiting(
    welcome,
    {
      anchor: enrollments.id,
      round: enrollments.round,
      item: sql`case when ${back} then ${consents.id} else 0 end`,
      recipientId: enrollments.subscriberId,
      renditionId: sql`case when ${back} then ${systemMail("welcome_back", sequences.id, consents.language)} else ${sequences.welcomeRenditionId} end`,
      slotAt: now,
    },
    now,
    sql`from ${consents} join ${enrollments} on ${enrollments.subscriberId} = ${consents.subscriberId}
        and ${enrollments.sequenceId} = ${consents.sequenceId}
      join ${sequences} on ${sequences.id} = ${consents.sequenceId}
      where ${consents.id} = ${by.consentId} and ${consents.confirmationId} = ${by.confirmationId}
        and (not ${back} or ${goesOn ? 1 : 0})`,
  );
}

/** Statement: plans the theme that comes at once, if one does, for the enrollment that this request made or brought back, unless something was edited since. */
export function planFirstTheme(by: Confirmed, atOnce: FirstTheme | null, now: number) {
  const { stepId, renditionId, nextDueAt, version } = atOnce ?? NONE;
  return planWaiting(
    theme,
    {
      anchor: enrollments.id,
      round: enrollments.round,
      item: stepId,
      recipientId: enrollments.subscriberId,
      renditionId,
      slotAt: now,
    },
    now,
    sql`from ${consents} join ${enrollments} on ${enrollments.subscriberId} = ${consents.subscriberId}
        and ${enrollments.sequenceId} = ${consents.sequenceId}
      where ${consents.id} = ${by.consentId} and ${consents.confirmationId} = ${by.confirmationId}
        and ${enrollments.state} = 'active' and ${enrollments.nextDueAt} = ${nextDueAt} and ${isStill({ version })}
        and (${enrollments.enrolledAt} = ${now} or coalesce(${enrollments.returnedAt} = ${now}, 0))`,
  );
}
