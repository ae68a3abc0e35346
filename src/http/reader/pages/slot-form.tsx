import type { Schedule } from "../../../domain/sequences/schedule.ts";
import { hourName, weekdayChoices, zoneOffset } from "../../../platform/calendar/format.ts";
import { EVERY_WEEKS } from "../../../platform/calendar/slot.ts";
import { timeZoneChoices } from "../../../platform/calendar/time-zone.ts";
import { Row, SelectField } from "../../ui/field.tsx";
import { Button, Buttons } from "../../ui/form.tsx";
import { Fault, Notice } from "../../ui/notice.tsx";
import { say } from "../../ui/say.ts";
import { shown } from "../../ui/shown.ts";
import type { CardProps } from "./card-props.ts";
import { BeforeAndNow } from "./dates.tsx";
import { ReaderForm } from "./reader-form.tsx";

/** Weekday, hour, zone and pace, with what was typed, and the dates that they would give where those were asked for. */
export function SlotForm({ enrollment, reader, action, typed }: CardProps) {
  const id = String(enrollment.enrollmentId);
  const fields = typed?.fields ?? {};
  const chosen = {
    weekday: fields.weekday ?? String(enrollment.weekday),
    hour: fields.hour ?? String(enrollment.hour),
    zone: fields.time_zone ?? enrollment.timeZone,
    every: fields.every_weeks ?? String(enrollment.everyWeeks),
  };
  const hours = Array.from({ length: 24 }, (_, hour) => ({
    value: String(hour),
    label: hourName(hour, shown().language, enrollment.timeZone),
  }));
  return (
    <ReaderForm reader={reader} enrollmentId={enrollment.enrollmentId} action={action}>
      <h3>{say("slot.title")}</h3>
      {typed?.fault?.field === "slot" ? <Fault alert>{typed.fault.text}</Fault> : null}
      {typed?.preview == null ? null : (
        <Notice>
          <h4>{say("slot.previewTitle")}</h4>
          <p>{say("slot.previewLead")}</p>
          <BeforeAndNow
            was={enrollment as Schedule}
            is={typed.preview}
            lastAt={enrollment.lastAt}
            left={enrollment.lacking}
            saved={false}
          />
        </Notice>
      )}
      <Row>
        <SelectField
          id={`weekday-${id}`}
          label={say("slot.weekday")}
          name="weekday"
          choices={weekdayChoices(shown().language).map(({ number, name }) => ({
            value: String(number),
            label: name,
          }))}
          chosen={chosen.weekday}
        />
        <SelectField
          id={`hour-${id}`}
          label={say("slot.hour")}
          name="hour"
          choices={hours}
          chosen={chosen.hour}
        />
      </Row>
      <Row>
        <SelectField
          id={`zone-${id}`}
          label={say("slot.zone")}
          name="time_zone"
          choices={timeZoneChoices(enrollment.timeZone).map((zone) => ({
            value: zone,
            label: `${zone.replaceAll("_", " ")} (${zoneOffset(zone, shown().now)})`,
          }))}
          chosen={chosen.zone}
        />
        <SelectField
          id={`every-${id}`}
          label={say("slot.every")}
          name="every_weeks"
          choices={EVERY_WEEKS.map((weeks) => ({
            value: String(weeks),
            label: say("slot.everyWeeks", { weeks }),
          }))}
          chosen={chosen.every}
        />
      </Row>
      <Buttons>
        <Button name="action" value="slot">
          {say("slot.save")}
        </Button>
        <Button name="action" value="preview" quiet>
          {say("slot.preview")}
        </Button>
      </Buttons>
    </ReaderForm>
  );
}
