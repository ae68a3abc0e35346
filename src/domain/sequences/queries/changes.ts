import { and, eq, type SQL, sql } from "drizzle-orm";
import { batch, together } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import { rowsOf } from "../../../platform/db/json-rows.ts";
import { enrollments, subscribers, suppressions } from "../../../platform/db/schema/index.ts";
import { actOfChange, type ChangeToWrite, recordChange, wasRecorded } from "../../people/queries/changes.ts";
import { isSuppressed } from "../../people/queries/standing.ts";
import { applyChange } from "../../people/queries/subscribers.ts";
import type { Schedule } from "../schedule.ts";
import type { EnrollmentView } from "./reader.ts";

/** What readers say of themselves: their name, and their answers to the questions of sequences, by enrollment. */
export type Personal = {
  readonly firstName: string;
  readonly answers: ReadonlyArray<{ readonly enrollmentId: number; readonly answer: string }>;
};

/** Condition: the page showed the present revision of the reader. */
function isSeen({ subscriberId, seen }: ChangeToWrite): SQL {
  return sql`${subscribers.id} = ${subscriberId} and ${subscribers.revision} = ${seen}`;
}

/**
 * Writes a new schedule in one batch, with the record of it, where the page showed the present revision and the enrollment still
 * stands as it was read. A `return` also makes the subscriber active again, unless the address is suppressed. Returns the id
 * of the change, or null where a tick or another page was faster: read again and decide again.
 */
export async function writeSchedule(
  db: Db,
  change: ChangeToWrite,
  was: EnrollmentView,
  become: Schedule,
): Promise<number | null> {
  const { subscriberId, now, token } = change;
  const returns = was.state === "stopped";
  const allowed = returns
    ? sql`${subscribers.state} in ('active', 'unsubscribed')
        and not exists (select 1 from ${suppressions} where ${isSuppressed(now)})`
    : sql`${subscribers.state} = 'active'`;
  const { recorded } = await batch(
    db,
    together(
      {
        recorded: recordChange(
          change,
          { enrollmentId: sql`${enrollments.id}`, was: scheduleOf(was), became: become },
          sql`from ${subscribers} join ${enrollments} on ${enrollments.subscriberId} = ${subscribers.id}
        where ${isSeen(change)} and ${allowed} and ${enrollments.id} = ${was.enrollmentId}
          and ${enrollments.state} = ${was.state} and ${enrollments.nextDueAt} is ${was.nextDueAt}
          and ${enrollments.resumeAt} is ${was.resumeAt}`,
        ),
        rescheduled: db
          .update(enrollments)
          .set({ ...become, ...(returns ? { returnedAt: now } : {}) })
          .where(and(eq(enrollments.id, was.enrollmentId), wasRecorded(token))),
        applied: applyChange(db, subscriberId, { active: true }, wasRecorded(token)),
      },
      actOfChange(change),
    ),
  );
  return recorded[0]?.id ?? null;
}

/** Writes name and answers, under the same conditions. */
export async function writePersonal(
  db: Db,
  change: ChangeToWrite,
  was: Personal,
  become: Personal,
): Promise<number | null> {
  const answers = rowsOf(become.answers);
  const { recorded } = await batch(
    db,
    together(
      {
        recorded: recordChange(
          change,
          { enrollmentId: null, was, became: become },
          sql`from ${subscribers} where ${isSeen(change)} and ${subscribers.state} in ('active', 'unsubscribed')`,
        ),
        applied: applyChange(
          db,
          change.subscriberId,
          { firstName: become.firstName, active: false },
          wasRecorded(change.token),
        ),
        answered: db
          .update(enrollments)
          .set({
            answer: sql`(select ${answers.of("answer")} from ${answers.from} where ${answers.of("enrollmentId")} = ${enrollments}.${sql.identifier(enrollments.id.name)})`,
          })
          .where(
            and(
              eq(enrollments.subscriberId, change.subscriberId),
              sql`${enrollments.id} in (select ${answers.of("enrollmentId")} from ${answers.from})`,
              wasRecorded(change.token),
            ),
          ),
      },
      actOfChange(change),
    ),
  );
  return recorded[0]?.id ?? null;
}

/** The schedule of an enrollment alone, as a change keeps it. */
function scheduleOf(view: EnrollmentView): Omit<Schedule, "state"> & { readonly state: string } {
  const { state, weekday, hour, timeZone, everyWeeks, nextDueAt, notBefore, pauseUntil, resumeAt } = view;
  return { state, weekday, hour, timeZone, everyWeeks, nextDueAt, notBefore, pauseUntil, resumeAt };
}
