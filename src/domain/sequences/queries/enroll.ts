import { sql } from "drizzle-orm";
import type { Slot } from "../../../platform/calendar/slot.ts";
import { consents, enrollments, sequences } from "../../../platform/db/schema/index.ts";
import { excluded, insertFrom, onConflict } from "../../../platform/db/write.ts";
import { planWaiting } from "../../ledger/queries/plan-delivery.ts";
import { welcome } from "../welcome-kind.ts";

type Confirmed = { readonly consentId: number; readonly confirmationId: string };

/** Statement: enrolls whoever this request confirmed; one that was stopped goes on in the slot that it had. */
export function enroll(
  by: Confirmed,
  into: { readonly slot: Slot; readonly nextDueAt: number },
  now: number,
) {
  const { weekday, hour, timeZone } = into.slot;
  return insertFrom(
    enrollments,
    {
      subscriberId: consents.subscriberId,
      sequenceId: consents.sequenceId,
      state: "active",
      weekday,
      hour,
      timeZone,
      nextDueAt: into.nextDueAt,
      enrolledAt: now,
    },
    sql`from ${consents} where ${consents.id} = ${by.consentId} and ${consents.confirmationId} = ${by.confirmationId}
      ${onConflict(enrollments, ["subscriberId", "sequenceId"], {
        take: ["nextDueAt"],
        set: { state: "active", returnedAt: excluded(enrollments, "enrolledAt") },
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
      renditionId: sql`case when ${back} then ${sequences.welcomeBackRenditionId} else ${sequences.welcomeRenditionId} end`,
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
