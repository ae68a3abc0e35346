import { changedSchedule } from "../../../domain/sequences/schedule.ts";
import { longDate } from "../../../platform/calendar/format.ts";
import { localDate } from "../../../platform/calendar/slot.ts";
import { say } from "../../../platform/texts/texts.ts";
import { PAUSE_WEEKS } from "../read-change.ts";
import type { CardProps } from "./card-props.ts";
import { Hidden } from "./hidden.tsx";

/** Pausing, each choice with the date that it leads to; while paused, resuming, or another day for it. */
export function PauseForm(props: CardProps) {
  return (
    <>
      {props.enrollment.state === "paused" ? <Resume {...props} /> : <Pause {...props} />}
      <PauseUntil {...props} />
    </>
  );
}

function Resume({ enrollment, reader, action, now }: CardProps) {
  const resumed = changedSchedule(enrollment, { kind: "resume" }, now);
  return (
    <form method="post" action={action}>
      <h3>{say("pause.title")}</h3>
      <Hidden reader={reader} enrollmentId={enrollment.enrollmentId} />
      <button type="submit" name="action" value="resume">
        {say("resume.button")}
      </button>
      {resumed?.nextDueAt == null ? null : (
        <span class="hint">
          {say("resume.hint", { date: longDate(resumed.nextDueAt, enrollment.timeZone) })}
        </span>
      )}
    </form>
  );
}

function Pause({ enrollment, reader, action, now, typed }: CardProps) {
  const { timeZone } = enrollment;
  const chosen = typed?.fields.pause ?? "2";
  return (
    <form method="post" action={action}>
      <Hidden reader={reader} enrollmentId={enrollment.enrollmentId} />
      <fieldset>
        <legend>
          {say("pause.title")} <span class="hint">{say("pause.legend")}</span>
        </legend>
        {PAUSE_WEEKS.map((weeks) => {
          const until = localDate(now, timeZone, weeks * 7);
          const then = changedSchedule(enrollment, { kind: "pause", until }, now)?.resumeAt ?? null;
          return (
            <label class="option">
              <input type="radio" name="pause" value={String(weeks)} checked={chosen === String(weeks)} />
              <span>
                {say("pause.weeks", { weeks })}
                {then === null ? null : (
                  <span class="hint">{say("pause.weeksHint", { date: longDate(then, timeZone) })}</span>
                )}
              </span>
            </label>
          );
        })}
        <label class="option">
          <input type="radio" name="pause" value="open" checked={chosen === "open"} />
          <span>{say("pause.open")}</span>
        </label>
      </fieldset>
      <button class="quiet" type="submit" name="action" value="pause">
        {say("pause.button")}
      </button>
    </form>
  );
}

function PauseUntil({ enrollment, reader, action, now, typed }: CardProps) {
  const id = String(enrollment.enrollmentId);
  const fault = typed?.fault?.field === "until" ? typed.fault.text : null;
  return (
    <form class="joined" method="post" action={action} novalidate={fault !== null}>
      <Hidden reader={reader} enrollmentId={enrollment.enrollmentId} />
      <div class="row">
        <div class="field">
          <label for={`until-${id}`}>{say("pause.untilDate")}</label>
          {fault === null ? null : (
            <p class="error" id={`until-fault-${id}`}>
              {fault}
            </p>
          )}
          <input
            id={`until-${id}`}
            name="until"
            type="date"
            required
            min={localDate(now, enrollment.timeZone, 1)}
            value={typed?.fields.until ?? ""}
            aria-invalid={fault === null ? undefined : "true"}
            aria-describedby={fault === null ? undefined : `until-fault-${id}`}
            autofocus={fault !== null}
          />
        </div>
        <div class="field">
          <button class="quiet" type="submit" name="action" value="pause_until">
            {say("pause.until")}
          </button>
        </div>
      </div>
    </form>
  );
}
