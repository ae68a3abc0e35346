import type { EnrollmentView } from "../../../domain/sequences/queries/reader.ts";
import { type Coming, datesOf, type Schedule } from "../../../domain/sequences/schedule.ts";
import type { Language } from "../../../platform/texts/languages.ts";
import { Instant } from "../../ui/date.tsx";
import { say } from "../../ui/say.ts";

/** How many dates are told at most. */
export const SHOWN = 3;

/** The next three dates of a schedule, each with the title of the letter where `titles` has one. */
export function Dates({
  schedule,
  left,
  titles = [],
  language,
}: {
  readonly schedule: Coming;
  /** How many letters are still to come. */
  readonly left: number;
  readonly titles?: readonly string[];
  /** Of the titles. */
  readonly language?: Language;
}) {
  const dates = datesOf(schedule, Math.min(SHOWN, left));
  return (
    <ol class="dates">
      {dates.map((at, place) => (
        <li>
          <Instant at={at} timeZone={schedule.timeZone} />
          {titles[place] === undefined ? null : <bdi class="soft" lang={language}>{` ${titles[place]}`}</bdi>}
        </li>
      ))}
    </ol>
  );
}

/** The dates of a schedule that goes on, beside those that another would give: what `is` now, and what would come `then`. */
export function NowAndThen({
  is,
  then,
  lastAt,
  left,
}: {
  readonly is: Schedule;
  readonly then: Schedule;
  /** When the last theme arrived. */
  readonly lastAt: number | null;
  readonly left: number;
}) {
  return (
    <dl class="before">
      <dt>{say("slot.previewWas")}</dt>
      <dd>
        <DatesOrNone schedule={{ ...is, lastAt }} left={left} />
      </dd>
      <dt>{say("slot.previewThen")}</dt>
      <dd>
        <DatesOrNone schedule={{ ...then, lastAt }} left={left} />
      </dd>
    </dl>
  );
}

function DatesOrNone({
  schedule,
  left,
}: {
  readonly schedule: Coming & Pick<Schedule, "state">;
  readonly left: number;
}) {
  if (schedule.nextDueAt !== null || schedule.resumeAt !== null)
    return <Dates schedule={schedule} left={left} />;
  return <>{say(schedule.state === "paused" ? "changed.noDatesYet" : "changed.noDates")}</>;
}

/** Titles that belong to the dates of an enrollment. */
export function titlesOf(enrollment: Pick<EnrollmentView, "ahead" | "lacking">): readonly string[] {
  // With a draft among them, which letter comes when is not sure.
  return enrollment.ahead.length === enrollment.lacking ? enrollment.ahead : [];
}
