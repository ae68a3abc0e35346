import type { AudienceChoices } from "../../../domain/segments/queries/choices.ts";
import { type Condition, conditionSchema, type Segment } from "../../../domain/segments/segment.ts";
import { timeZoneChoices } from "../../../platform/calendar/time-zone.ts";
import { Row } from "../../ui/field.tsx";
import { say } from "../../ui/say.ts";
import type { Fields } from "../desk-page.ts";
import { chosenIn, type Group, groupsOf, labelOf, optionOf, TYPED, typedIn } from "./audience-words.ts";

/** Empty rows that a form has besides those that are filled in. */
const MORE = 2;
const ROWS_MAX = 12;
const DAYS_USUAL = 30;

/** The rows of a segment's conditions, each chosen from a list, with two empty ones to add to it. */
export function AudienceRows({
  segment,
  choices,
  open,
}: {
  readonly segment: Segment | null;
  readonly choices: AudienceChoices;
  /** Whether they're shown at first. */
  readonly open: boolean;
}) {
  const groups = groupsOf(choices);
  const rows = (name: "all" | "any", conditions: readonly Condition[], isOpen: boolean) => (
    <Rows
      name={name}
      legend={say(`desk.audience.${name}`)}
      conditions={conditions}
      groups={groups}
      open={isOpen}
    />
  );
  const any = segment?.any ?? [];
  return (
    <>
      {rows("all", segment?.all ?? [], open)}
      {rows("any", any, open && any.length > 0)}
      <datalist id="zones">
        {timeZoneChoices("UTC").map((zone) => (
          <option value={zone} />
        ))}
      </datalist>
    </>
  );
}

function Rows({
  name,
  legend,
  conditions,
  groups,
  open,
}: {
  readonly name: "all" | "any";
  readonly legend: string;
  readonly conditions: readonly Condition[];
  readonly groups: readonly Group[];
  readonly open: boolean;
}) {
  const count = Math.min(ROWS_MAX, conditions.length + MORE);
  return (
    <details open={open}>
      <summary>{legend}</summary>
      {Array.from({ length: count }, (_, place) => {
        const condition = conditions[place];
        const chosen = condition === undefined ? "" : optionOf(chosenIn(condition));
        const known =
          chosen === "" || groups.some(({ options }) => options.some(({ value }) => value === chosen));
        const id = `${name}-${place}`;
        return (
          <Row>
            <div class="field">
              <label for={`${id}-not`}>{say("desk.audience.isOrNot")}</label>
              <select id={`${id}-not`} name={`${name}_${place}_not`}>
                <option value="">{say("desk.audience.is")}</option>
                <option value="1" selected={condition?.not === true}>
                  {say("desk.audience.isNot")}
                </option>
              </select>
            </div>
            <div class="field">
              <label for={id}>{say("desk.audience.condition", { number: place + 1 })}</label>
              <select id={id} name={`${name}_${place}`}>
                <option value="">{say("desk.audience.none")}</option>
                {known ? null : (
                  <option value={chosen} selected>
                    {condition === undefined ? "" : labelOf(condition, groups)}
                  </option>
                )}
                {groups.map(({ label, options }) => (
                  <optgroup label={label}>
                    {options.map(({ value, label: text }) => (
                      <option value={value} selected={value === chosen}>
                        {text}
                      </option>
                    ))}
                  </optgroup>
                ))}
              </select>
            </div>
            <div class="field">
              <label for={`${id}-value`}>{say("desk.audience.value")}</label>
              <input
                id={`${id}-value`}
                name={`${name}_${place}_value`}
                type="text"
                list="zones"
                maxlength={80}
                autocomplete="off"
                value={condition === undefined ? "" : typedIn(condition)}
              />
            </div>
          </Row>
        );
      })}
    </details>
  );
}

/** A segment out of the rows of a form; null where one of them isn't a condition. Empty rows are left out. */
export function readAudience(fields: Fields): Segment | null {
  if (fields.whom === "everyone") return { all: [] };
  const rows = (name: "all" | "any") =>
    Array.from({ length: ROWS_MAX }, (_, place) => {
      const chosen = fields[`${name}_${place}`] ?? "";
      return chosen === ""
        ? null
        : conditionIn(chosen, fields[`${name}_${place}_not`] === "1", fields[`${name}_${place}_value`] ?? "");
    }).filter((each) => each !== null);
  const [all, any] = [rows("all"), rows("any")];
  if ([...all, ...any].includes("faulty") || all.length + any.length === 0) return null;
  const good = (list: typeof all) => list.filter((each): each is Condition => each !== "faulty");
  return { all: good(all), ...(any.length === 0 ? {} : { any: good(any) }) };
}

/** What was typed beside a condition of this field; days are 30 where nothing was. */
function whatWasTyped(field: unknown, typed: string): Readonly<Record<string, unknown>> {
  switch (TYPED[String(field)]) {
    case "days":
      return { days: typed === "" ? DAYS_USUAL : Number(typed) };
    case "date":
      return { date: typed };
    case "time_zone":
      return { any_of: typed.split(",").map((zone) => zone.trim()) };
    default:
      return {};
  }
}

function conditionIn(chosen: string, not: boolean, typed: string): Condition | "faulty" {
  try {
    const plain = JSON.parse(chosen) as Readonly<Record<string, unknown>>;
    const read = conditionSchema.safeParse({
      ...plain,
      ...whatWasTyped(plain.field, typed.trim()),
      ...(not ? { not: true } : {}),
    });
    return read.success ? read.data : "faulty";
  } catch {
    return "faulty";
  }
}
