import { sql } from "drizzle-orm";
import { batch } from "../../../platform/db/batch.ts";
import type { Db } from "../../../platform/db/client.ts";
import type { AgeBand } from "../../people/age-band.ts";
import type { Schedule } from "../schedule.ts";
import type { EnrollmentView } from "./reader.ts";

/** A change as it is written: who made it, on a page that showed which revision, and what was asked for. */
export type ChangeToWrite = {
  readonly subscriberId: number;
  readonly seen: number;
  readonly kind: string;
  readonly request: string;
  readonly token: string;
  readonly now: number;
};

/** The name and the age of the son, which belong to the person and not to a sequence. */
export type Personal = { readonly firstName: string; readonly ageBand: AgeBand | null };

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
  const { subscriberId, seen, now, token } = change;
  const returns = was.state === "stopped";
  const allowed = returns
    ? sql`s.state in ('active', 'unsubscribed') and not exists (select 1 from suppressions x
        where x.address_hash = s.address_hash and x.lifted_at is null and (x.until is null or x.until > ${now}))`
    : sql`s.state = 'active'`;
  const made = sql`exists (select 1 from reader_changes r where r.token = ${token})`;
  const results = await batch(db, [
    sql`
      insert into reader_changes (subscriber_id, enrollment_id, at, kind, seen, request, was, became, token)
      select s.id, e.id, ${now}, ${change.kind}, ${seen}, ${change.request}, ${JSON.stringify(scheduleOf(was))},
        ${JSON.stringify(become)}, ${token}
      from subscribers s join enrollments e on e.subscriber_id = s.id
      where s.id = ${subscriberId} and s.revision = ${seen} and ${allowed} and e.id = ${was.enrollmentId}
        and e.state = ${was.state} and e.next_due_at is ${was.nextDueAt} and e.resume_at is ${was.resumeAt}
      returning id`,
    sql`
      update enrollments set state = ${become.state}, weekday = ${become.weekday}, hour = ${become.hour},
        time_zone = ${become.timeZone}, every_weeks = ${become.everyWeeks}, next_due_at = ${become.nextDueAt},
        not_before = ${become.notBefore}, pause_until = ${become.pauseUntil}, resume_at = ${become.resumeAt},
        returned_at = ${returns ? now : sql`returned_at`}
      where id = ${was.enrollmentId} and ${made}`,
    sql`
      update subscribers set revision = revision + 1, state = 'active', unsubscribed_at = null
      where id = ${subscriberId} and ${made}`,
  ]);
  const [row] = results[0] as { id: number }[];
  return row?.id ?? null;
}

/** Writes name and age, under the same conditions. */
export async function writePersonal(
  db: Db,
  change: ChangeToWrite,
  { firstName, ageBand }: Personal,
  become: Personal,
): Promise<number | null> {
  const { subscriberId, seen, now, token } = change;
  const was: Personal = { firstName, ageBand };
  const results = await batch(db, [
    sql`
      insert into reader_changes (subscriber_id, at, kind, seen, request, was, became, token)
      select s.id, ${now}, ${change.kind}, ${seen}, ${change.request}, ${JSON.stringify(was)}, ${JSON.stringify(become)},
        ${token}
      from subscribers s where s.id = ${subscriberId} and s.revision = ${seen} and s.state in ('active', 'unsubscribed')
      returning id`,
    sql`
      update subscribers set revision = revision + 1, first_name = ${become.firstName}, age_band = ${become.ageBand}
      where id = ${subscriberId} and exists (select 1 from reader_changes r where r.token = ${token})`,
  ]);
  const [row] = results[0] as { id: number }[];
  return row?.id ?? null;
}

/** The schedule of an enrollment alone, as a change keeps it. */
function scheduleOf(view: EnrollmentView): Omit<Schedule, "state"> & { readonly state: string } {
  const { state, weekday, hour, timeZone, everyWeeks, nextDueAt, notBefore, pauseUntil, resumeAt } = view;
  return { state, weekday, hour, timeZone, everyWeeks, nextDueAt, notBefore, pauseUntil, resumeAt };
}
