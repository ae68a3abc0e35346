import type { readStory, Upcoming } from "../../../domain/privacy/timeline.ts";
import { hourName, weekdayChoices } from "../../../platform/calendar/format.ts";
import { EVERY_WEEKS } from "../../../platform/calendar/slot.ts";
import { PAUSE_WEEKS } from "../../reader/read-change.ts";
import { Field, Row, SelectField } from "../../ui/field.tsx";
import { Button, Buttons } from "../../ui/form.tsx";
import { say } from "../../ui/say.ts";
import { DeskForm } from "./shell.tsx";

type Found = NonNullable<Awaited<ReturnType<typeof readStory>>>;

/** A sequence that a person is in, with what they can do on their own page, done for them. */
export function EnrollmentForms({
  id,
  revision,
  enrollment,
  upcoming,
  showsYear,
}: {
  readonly id: number;
  readonly revision: number;
  readonly enrollment: Found["enrollments"][number];
  readonly upcoming: Upcoming | undefined;
  /** Whether the year ahead is theirs to see who looks. */
  readonly showsYear: boolean;
}) {
  const { enrollmentId, state, title, weekday, hour, timeZone, everyWeeks, nextDueAt } = enrollment;
  const goesOn = state === "active" || state === "paused";
  const form = {
    action: `/desk/readers/${id}/change`,
    revision,
    hidden: { enrollment: String(enrollmentId) },
    joined: true,
  };
  return (
    <div class="card">
      <h3>{title}</h3>
      <p class="soft">{say("desk.help.state", { state })}</p>
      {showsYear ? (
        <p>
          <a href={`/desk/letters/${enrollment.sequence}/year?reader=${id}`}>{say("desk.year.readerLink")}</a>
        </p>
      ) : null}
      {goesOn ? (
        <>
          <DeskForm {...form}>
            <Buttons>
              {state === "paused" ? (
                <Button name="action" value="resume">
                  {say("desk.help.resume")}
                </Button>
              ) : (
                PAUSE_WEEKS.map((weeks) => (
                  <Button name="pause" value={String(weeks)} quiet>
                    {say("desk.help.pauseWeeks", { weeks })}
                  </Button>
                ))
              )}
              {state === "paused" ? null : (
                <Button name="pause" value="open" quiet>
                  {say("desk.help.pauseOpen")}
                </Button>
              )}
            </Buttons>
          </DeskForm>
          {state === "active" && nextDueAt !== null && upcoming?.why === "comes" ? (
            <DeskForm {...form} hidden={{ ...form.hidden, due: String(nextDueAt) }}>
              <Button name="action" value="skip" quiet>
                {say("desk.help.skip")}
              </Button>
            </DeskForm>
          ) : null}
          <details>
            <summary>{say("desk.help.move")}</summary>
            <DeskForm {...form}>
              <Row>
                <SelectField
                  id={`weekday-${enrollmentId}`}
                  label={say("desk.help.weekday")}
                  name="weekday"
                  choices={weekdayChoices("en").map(({ number, name }) => ({
                    value: String(number),
                    label: name,
                  }))}
                  chosen={String(weekday)}
                />
                <SelectField
                  id={`hour-${enrollmentId}`}
                  label={say("desk.help.hour")}
                  name="hour"
                  choices={Array.from({ length: 24 }, (_, of) => ({
                    value: String(of),
                    label: hourName(of, "en", timeZone),
                  }))}
                  chosen={String(hour)}
                />
                <SelectField
                  id={`every-${enrollmentId}`}
                  label={say("desk.help.every")}
                  name="every_weeks"
                  choices={EVERY_WEEKS.map((weeks) => ({
                    value: String(weeks),
                    label: say("desk.help.everyWeeks", { weeks }),
                  }))}
                  chosen={String(everyWeeks)}
                />
              </Row>
              <Field
                id={`zone-${enrollmentId}`}
                name="time_zone"
                label={say("desk.help.zone")}
                hint={say("desk.help.zoneHint")}
                value={timeZone}
                attributes={{ type: "text", autocomplete: "off", maxlength: "60", required: true }}
              />
              <Button name="action" value="slot">
                {say("desk.help.moveButton")}
              </Button>
            </DeskForm>
          </details>
        </>
      ) : null}
      {state === "stopped" ? null : (
        <DeskForm {...form}>
          <Button name="action" value="unsubscribe" quiet>
            {say("desk.help.leave")}
          </Button>
        </DeskForm>
      )}
    </div>
  );
}

/** For someone who gets letters in between: the button that stops them. */
export function BetweenForm({ id, revision }: { readonly id: number; readonly revision: number }) {
  return (
    <DeskForm action={`/desk/readers/${id}/change`} revision={revision} joined card>
      <p>{say("desk.help.between")}</p>
      <Button name="action" value="stop_broadcasts" quiet>
        {say("desk.help.stopBetween")}
      </Button>
    </DeskForm>
  );
}
