import type { Schedule } from "../../../domain/sequences/schedule.ts";
import { hourName, WEEKDAY_CHOICES } from "../../../platform/calendar/format.ts";
import { EVERY_WEEKS } from "../../../platform/calendar/slot.ts";
import { timeZoneChoices } from "../../../platform/calendar/time-zone.ts";
import { say } from "../../../platform/texts/texts.ts";
import type { CardProps } from "./card-props.ts";
import { BeforeAndNow } from "./dates.tsx";
import { Hidden } from "./hidden.tsx";

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
  return (
    <form method="post" action={action}>
      <h3>{say("slot.title")}</h3>
      <Hidden reader={reader} enrollmentId={enrollment.enrollmentId} />
      {typed?.fault?.field === "slot" ? (
        <p class="error" role="alert">
          {typed.fault.text}
        </p>
      ) : null}
      {typed?.preview == null ? null : (
        <div class="said" role="status">
          <h4>{say("slot.previewTitle")}</h4>
          <p>{say("slot.previewLead")}</p>
          <BeforeAndNow
            was={enrollment as Schedule}
            is={typed.preview}
            left={enrollment.lacking}
            saved={false}
          />
        </div>
      )}
      <div class="row">
        <div class="field">
          <label for={`weekday-${id}`}>{say("slot.weekday")}</label>
          <select id={`weekday-${id}`} name="weekday">
            {WEEKDAY_CHOICES.map((choice) => (
              <option value={String(choice.number)} selected={String(choice.number) === chosen.weekday}>
                {choice.name}
              </option>
            ))}
          </select>
        </div>
        <div class="field">
          <label for={`hour-${id}`}>{say("slot.hour")}</label>
          <select id={`hour-${id}`} name="hour">
            {Array.from({ length: 24 }, (_, hour) => (
              <option value={String(hour)} selected={String(hour) === chosen.hour}>
                {hourName(hour)}
              </option>
            ))}
          </select>
        </div>
      </div>
      <div class="row">
        <div class="field">
          <label for={`zone-${id}`}>{say("slot.zone")}</label>
          <select id={`zone-${id}`} name="time_zone">
            {timeZoneChoices(enrollment.timeZone).map((zone) => (
              <option value={zone} selected={zone === chosen.zone}>
                {zone.replaceAll("_", " ")}
              </option>
            ))}
          </select>
        </div>
        <div class="field">
          <label for={`every-${id}`}>{say("slot.every")}</label>
          <select id={`every-${id}`} name="every_weeks">
            {EVERY_WEEKS.map((weeks) => (
              <option value={String(weeks)} selected={String(weeks) === chosen.every}>
                {say("slot.everyWeeks", { weeks })}
              </option>
            ))}
          </select>
        </div>
      </div>
      <div class="choice">
        <button type="submit" name="action" value="slot">
          {say("slot.save")}
        </button>
        <button class="quiet" type="submit" name="action" value="preview">
          {say("slot.preview")}
        </button>
      </div>
    </form>
  );
}
