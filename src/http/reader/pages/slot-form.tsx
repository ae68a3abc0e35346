import { effectOf } from "../../../domain/sequences/change-effect.ts";
import type { Schedule } from "../../../domain/sequences/schedule.ts";
import {
  hourName,
  weekdayChoices,
  weekdayName,
  zoneName,
  zoneOffset,
} from "../../../platform/calendar/format.ts";
import { EVERY_WEEKS } from "../../../platform/calendar/slot.ts";
import { cityOf, timeZoneChoices } from "../../../platform/calendar/time-zone.ts";
import { Field, Row, SelectField } from "../../ui/field.tsx";
import { Button, Buttons } from "../../ui/form.tsx";
import { Fault, Notice } from "../../ui/notice.tsx";
import { say } from "../../ui/say.ts";
import { shown } from "../../ui/shown.ts";
import type { CardProps } from "./card-props.ts";
import { NowAndThen } from "./dates.tsx";
import { ReaderForm } from "./reader-form.tsx";
import { tooSoonSaid } from "./standing.ts";

const SLOT_ACTIONS = ["slot", "preview"];

/**
 * When letters come, in a sentence that opens the form to change it: weekday, hour, zone and pace, with what was typed, and the dates that
 * they would give where those were asked for.
 */
export function SlotForm({ enrollment, reader, action, now, typed }: CardProps) {
  const id = String(enrollment.enrollmentId);
  const mine = SLOT_ACTIONS.includes(typed?.fields.action ?? "");
  const fields = mine ? (typed?.fields ?? {}) : {};
  const chosen = {
    weekday: fields.weekday ?? String(enrollment.weekday),
    hour: fields.hour ?? String(enrollment.hour),
    zone: fields.time_zone ?? cityOf(enrollment.timeZone),
    every: fields.every_weeks ?? String(enrollment.everyWeeks),
  };
  const hours = Array.from({ length: 24 }, (_, hour) => ({
    value: String(hour),
    label: hourName(hour, shown().language, enrollment.timeZone),
  }));
  const zoneFault = typed?.fault?.field === "time_zone" ? typed.fault.text : null;
  return (
    <details open={mine}>
      <summary>
        {say("slot.title")}: <Sentence enrollment={enrollment} now={now} />{" "}
        <span class="edit">{say("slot.edit")}</span>
      </summary>
      <ReaderForm
        reader={reader}
        enrollmentId={enrollment.enrollmentId}
        action={action}
        faulty={zoneFault !== null}
        joined
      >
        {typed?.fault?.field === "slot" ? <Fault alert>{typed.fault.text}</Fault> : null}
        {typed?.preview == null ? null : <Preview enrollment={enrollment} then={typed.preview} now={now} />}
        <Row close>
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
        <Row close>
          <Field
            id={`zone-${id}`}
            label={say("slot.zone")}
            fault={zoneFault}
            focused={zoneFault !== null}
            name="time_zone"
            attributes={{
              type: "text",
              list: `zones-${id}`,
              required: true,
              maxlength: "64",
              autocomplete: "off",
              dir: "auto",
            }}
            value={chosen.zone}
          />
          <datalist id={`zones-${id}`}>
            {timeZoneChoices(enrollment.timeZone).map((zone) => (
              <option value={cityOf(zone)}>{zoneOffset(zone, shown().now)}</option>
            ))}
          </datalist>
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
    </details>
  );
}

function Sentence({ enrollment, now }: Pick<CardProps, "enrollment" | "now">) {
  const { weekday, hour, timeZone, everyWeeks } = enrollment;
  const { language } = shown();
  return (
    <>
      {say("slot.sentence", {
        weekday: weekdayName(weekday, language),
        hour: hourName(hour, language, timeZone),
        zone: zoneName(timeZone, now),
        every: say("slot.everyWeeks", { weeks: everyWeeks }),
      })}
    </>
  );
}

function Preview({
  enrollment,
  then,
  now,
}: Pick<CardProps, "enrollment" | "now"> & { readonly then: Schedule }) {
  const { lastAt, lacking } = enrollment;
  const { same, tooSoon } = effectOf(enrollment, { ...then, lastAt }, now);
  return (
    <Notice>
      <h3>{say("slot.previewTitle")}</h3>
      <p>{say("slot.previewLead")}</p>
      <NowAndThen is={enrollment as Schedule} then={then} lastAt={lastAt} left={lacking} />
      {same ? <p>{say("changed.same")}</p> : null}
      {tooSoon === null ? null : <p>{tooSoonSaid(tooSoon, then)}</p>}
    </Notice>
  );
}
