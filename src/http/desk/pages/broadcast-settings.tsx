import type { Broadcast } from "../../../domain/broadcasts/queries/broadcasts.ts";
import type { AudienceChoices } from "../../../domain/segments/queries/choices.ts";
import type { Segment } from "../../../domain/segments/segment.ts";
import { hourName } from "../../../platform/calendar/format.ts";
import { localDate, localHour } from "../../../platform/calendar/slot.ts";
import { LANGUAGE_NAMES, LANGUAGES } from "../../../platform/texts/languages.ts";
import { ChoiceField, Field, Row, SelectField } from "../../ui/field.tsx";
import { Button } from "../../ui/form.tsx";
import { Fault } from "../../ui/notice.tsx";
import { say } from "../../ui/say.ts";
import type { Fields } from "../desk-page.ts";
import { AudienceRows } from "./audience-form.tsx";
import { DeskForm } from "./shell.tsx";

/** What was typed and couldn't be saved, with what's wrong by the name of the field. */
export type Unsaved = {
  readonly typed: Fields;
  readonly faults: Readonly<Record<string, "field" | "whom" | "time" | "rows">>;
};

/** Settings of a broadcast as its form has them. */
function fieldsOfBroadcast(broadcast: Broadcast, now: number, timeZone: string): Fields {
  const { language, fromName, audience, segmentId, time, onThemeDays, holdMinutes } = broadcast;
  const at = time?.kind === "at" ? time.at : now;
  const date = time?.kind === "clock" ? time.date : localDate(at, timeZone);
  const hour = time?.kind === "clock" ? time.hour : localHour(at, timeZone);
  return {
    ...{ language, from_name: fromName, on_theme_days: onThemeDays, hold_minutes: String(holdMinutes) },
    whom: segmentId !== null ? "segment" : audience === null ? "" : whomOf(audience as Segment),
    segment_id: String(segmentId ?? ""),
    ...{ time: time?.kind ?? "", date, hour: String(hour) },
    is_public: broadcast.isPublic ? "1" : "",
    passed: time?.kind === "clock" ? time.passed : "tomorrow",
  };
}

const whomOf = ({ all, any = [] }: Segment) => (all.length + any.length === 0 ? "everyone" : "some");

/** Who gets a broadcast, when, and what else can be said of it. */
export function BroadcastSettings({
  broadcast,
  segment,
  choices,
  path,
  unsaved,
  now,
  timeZone,
}: {
  readonly broadcast: Broadcast;
  readonly segment: Segment | null;
  readonly choices: AudienceChoices;
  readonly path: string;
  readonly unsaved: Unsaved | null;
  readonly now: number;
  readonly timeZone: string;
}) {
  const typed = unsaved?.typed ?? fieldsOfBroadcast(broadcast, now, timeZone);
  const fault = (name: string) => {
    const what = unsaved?.faults[name];
    return what === undefined ? null : say(`desk.broadcast.fault.${what}`);
  };
  const of = (name: string) => typed[name] ?? "";
  const offered = choices.saved.filter(
    ({ id, archivedAt }) => archivedAt === null || id === broadcast.segmentId,
  );
  return (
    <DeskForm
      action={`${path}/settings`}
      hidden={{ revision: unsaved?.typed.revision ?? String(broadcast.revision) }}
      card
      faulty={unsaved !== null}
    >
      {unsaved === null ? null : <Fault alert>{say("desk.broadcast.unsaved")}</Fault>}
      <ChoiceField
        legend={say("desk.broadcast.whom")}
        name="whom"
        choices={[
          { value: "everyone", label: say("desk.broadcast.everyone") },
          ...(offered.length === 0 ? [] : [{ value: "segment", label: say("desk.broadcast.segment") }]),
          { value: "some", label: say("desk.broadcast.some") },
        ]}
        chosen={of("whom") || null}
      />
      {fault("whom") === null ? null : <Fault>{fault("whom")}</Fault>}
      {offered.length === 0 ? null : (
        <SelectField
          id="segment_id"
          name="segment_id"
          label={say("desk.broadcast.whichSegment")}
          choices={offered.map(({ id, name }) => ({ value: String(id), label: name }))}
          chosen={of("segment_id")}
        />
      )}
      <AudienceRows
        segment={segment}
        typed={unsaved?.typed ?? null}
        choices={choices}
        open={of("whom") === "some" || unsaved?.faults.whom !== undefined}
      />
      <ChoiceField
        legend={say("desk.broadcast.when")}
        name="time"
        choices={[
          { value: "now", label: say("desk.broadcast.now") },
          { value: "at", label: say("desk.broadcast.atOnce", { zone: timeZone }) },
          { value: "clock", label: say("desk.broadcast.clock") },
        ]}
        chosen={of("time") || null}
      />
      {fault("time") === null ? null : <Fault>{fault("time")}</Fault>}
      <Row>
        <Field
          id="date"
          name="date"
          label={say("desk.broadcast.date")}
          value={of("date")}
          attributes={{ type: "date" }}
        />
        <SelectField
          id="hour"
          name="hour"
          label={say("desk.broadcast.hour")}
          choices={Array.from({ length: 24 }, (_, hour) => ({
            value: String(hour),
            label: hourName(hour, "en", timeZone),
          }))}
          chosen={of("hour")}
        />
        <SelectField
          id="passed"
          name="passed"
          label={say("desk.broadcast.passed")}
          choices={[
            { value: "today", label: say("desk.broadcast.passedToday") },
            { value: "tomorrow", label: say("desk.broadcast.passedTomorrow") },
          ]}
          chosen={of("passed")}
        />
      </Row>
      <SelectField
        id="on_theme_days"
        name="on_theme_days"
        label={say("desk.broadcast.onThemeDays")}
        choices={(["move", "leave_out", "regardless"] as const).map((value) => ({
          value,
          label: say("desk.broadcast.themeDays", { rule: value }),
        }))}
        chosen={of("on_theme_days")}
      />
      <Field
        id="hold_minutes"
        name="hold_minutes"
        label={say("desk.broadcast.hold")}
        hint={say("desk.broadcast.holdHint")}
        value={of("hold_minutes")}
        fault={fault("hold_minutes")}
        attributes={{ type: "number", min: "0", max: "60" }}
      />
      <SelectField
        id="language"
        name="language"
        label={say("desk.broadcasts.language")}
        choices={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
        chosen={of("language")}
      />
      <Field
        id="from_name"
        name="from_name"
        label={say("desk.broadcast.fromName")}
        hint={say("desk.broadcast.fromNameHint")}
        value={of("from_name")}
        fault={fault("from_name")}
        attributes={{ type: "text", maxlength: "80", autocomplete: "off" }}
      />
      <p>
        <label>
          <input type="checkbox" name="is_public" value="1" checked={of("is_public") === "1"} />{" "}
          {say("desk.broadcast.isPublic")}
        </label>
      </p>
      <Button>{say("desk.broadcast.save")}</Button>
    </DeskForm>
  );
}
