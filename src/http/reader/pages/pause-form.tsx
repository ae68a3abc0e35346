import { changedSchedule, comesAt } from "../../../domain/sequences/schedule.ts";
import { localDate } from "../../../platform/calendar/slot.ts";
import { dateOf } from "../../ui/date.tsx";
import { ChoiceField, Field, Row } from "../../ui/field.tsx";
import { Button } from "../../ui/form.tsx";
import { say } from "../../ui/say.ts";
import { PAUSE_WEEKS } from "../read-change.ts";
import type { CardProps } from "./card-props.ts";
import { ReaderForm } from "./reader-form.tsx";

const PAUSE_ACTIONS = ["pause", "pause_until"];

/** Pausing, each choice with the date that it leads to; while paused, resuming, or another day for it. */
export function PauseForm(props: CardProps) {
  const open = PAUSE_ACTIONS.includes(props.typed?.fields.action ?? "");
  if (props.enrollment.state === "paused") {
    return (
      <>
        <Resume {...props} />
        <details open={open}>
          <summary class="button quiet">{say("pause.other")}</summary>
          <PauseUntil {...props} />
        </details>
      </>
    );
  }
  return (
    <details open={open}>
      <summary class="button quiet">{say("pause.title")}</summary>
      <Pause {...props} />
      <PauseUntil {...props} />
    </details>
  );
}

function Resume({ enrollment, reader, action, now }: CardProps) {
  const resumed = changedSchedule(enrollment, { kind: "resume" }, now);
  return (
    <ReaderForm reader={reader} enrollmentId={enrollment.enrollmentId} action={action} joined>
      <Button name="action" value="resume">
        {say("resume.button")}
      </Button>
      {resumed?.nextDueAt == null ? null : (
        <span class="hint">
          {say("resume.hint", { date: dateOf(resumed.nextDueAt, enrollment.timeZone) })}
        </span>
      )}
    </ReaderForm>
  );
}

function Pause({ enrollment, reader, action, now, typed }: CardProps) {
  const { timeZone } = enrollment;
  const weeks = PAUSE_WEEKS.map((count) => {
    const until = localDate(now, timeZone, count * 7);
    const then = changedSchedule(enrollment, { kind: "pause", until }, now)?.resumeAt ?? null;
    const hint = then === comesAt(enrollment) ? "pause.weeksSame" : "pause.weeksHint";
    return {
      value: String(count),
      label: say("pause.weeks", { weeks: count }),
      ...(then === null ? {} : { hint: say(hint, { date: dateOf(then, timeZone) }) }),
    };
  });
  return (
    <ReaderForm reader={reader} enrollmentId={enrollment.enrollmentId} action={action} joined>
      <ChoiceField
        legend={say("pause.legend")}
        name="pause"
        choices={[...weeks, { value: "open", label: say("pause.open") }]}
        chosen={typed?.fields.pause ?? "2"}
      />
      <Button name="action" value="pause" quiet>
        {say("pause.button")}
      </Button>
    </ReaderForm>
  );
}

function PauseUntil({ enrollment, reader, action, now, typed }: CardProps) {
  const fault = typed?.fault?.field === "until" ? typed.fault.text : null;
  return (
    <ReaderForm
      reader={reader}
      enrollmentId={enrollment.enrollmentId}
      action={action}
      faulty={fault !== null}
      joined
    >
      <Row>
        <Field
          id={`until-${enrollment.enrollmentId}`}
          label={say("pause.untilDate")}
          fault={fault}
          focused={fault !== null}
          name="until"
          attributes={{ type: "date", required: true, min: localDate(now, enrollment.timeZone, 1) }}
          value={typed?.fields.until ?? ""}
        />
        <div class="field">
          <Button name="action" value="pause_until" quiet>
            {say("pause.until")}
          </Button>
        </div>
      </Row>
    </ReaderForm>
  );
}
