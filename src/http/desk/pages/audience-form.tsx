import type { AudienceChoices } from "../../../domain/segments/queries/choices.ts";
import { type Condition, conditionSchema, type Segment } from "../../../domain/segments/segment.ts";
import { timeZoneChoices } from "../../../platform/calendar/time-zone.ts";
import { Row } from "../../ui/field.tsx";
import { Fault } from "../../ui/notice.tsx";
import { say } from "../../ui/say.ts";
import type { Fields } from "../desk-page.ts";
import { chosenIn, type Group, groupsOf, labelOf, optionOf, TYPED, typedIn } from "./audience-words.ts";

/** Empty rows that a form has besides those that are filled in. */
const MORE = 2;
const ROWS_MAX = 12;
const DAYS_USUAL = 30;

/** A row of the form: what's chosen and how that's called, whether it's turned round, and what's typed beside it. */
type TypedRow = {
  readonly chosen: string;
  readonly label: string;
  readonly not: boolean;
  readonly value: string;
  readonly faulty: boolean;
};

const EMPTY_ROW: TypedRow = { chosen: "", label: "", not: false, value: "", faulty: false };

function rowOf(condition: Condition, groups: readonly Group[]): TypedRow {
  return {
    ...{ chosen: optionOf(chosenIn(condition)), label: labelOf(condition, groups) },
    ...{ not: condition.not === true, value: typedIn(condition), faulty: false },
  };
}

/** The rows of a segment's conditions, each chosen from a list, with two empty ones to add to it. */
export function AudienceRows({
  segment,
  typed,
  choices,
  open,
}: {
  readonly segment: Segment | null;
  /** What was typed and couldn't be saved; null for the segment as it is. */
  readonly typed: Fields | null;
  readonly choices: AudienceChoices;
  /** Whether they're shown at first. */
  readonly open: boolean;
}) {
  const groups = groupsOf(choices);
  const rows = (name: "all" | "any") => {
    const of =
      typed === null
        ? (segment?.[name] ?? []).map((condition) => rowOf(condition, groups))
        : typedRows(typed, name);
    const isOpen = open && (name === "all" || of.length > 0);
    return <Rows name={name} legend={say(`desk.audience.${name}`)} rows={of} groups={groups} open={isOpen} />;
  };
  return (
    <>
      {rows("all")}
      {rows("any")}
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
  rows,
  groups,
  open,
}: {
  readonly name: "all" | "any";
  readonly legend: string;
  readonly rows: readonly TypedRow[];
  readonly groups: readonly Group[];
  readonly open: boolean;
}) {
  const count = Math.min(ROWS_MAX, rows.length + MORE);
  return (
    <details open={open}>
      <summary>{legend}</summary>
      {Array.from({ length: count }, (_, place) => {
        const { chosen, label, not, value: typed, faulty } = rows[place] ?? EMPTY_ROW;
        const known =
          chosen === "" || groups.some(({ options }) => options.some(({ value }) => value === chosen));
        const id = `${name}-${place}`;
        return (
          <Row>
            <div class="field">
              <label for={`${id}-not`}>{say("desk.audience.isOrNot")}</label>
              <select id={`${id}-not`} name={`${name}_${place}_not`}>
                <option value="">{say("desk.audience.is")}</option>
                <option value="1" selected={not}>
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
                    {label}
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
                aria-invalid={faulty ? "true" : undefined}
                value={typed}
              />
              {faulty ? <Fault>{say("desk.audience.fault")}</Fault> : null}
            </div>
          </Row>
        );
      })}
    </details>
  );
}

/** The rows of a form in which something is chosen, as they were typed. */
function typedRows(fields: Fields, name: "all" | "any"): TypedRow[] {
  return Array.from({ length: ROWS_MAX }, (_, place): TypedRow => {
    const of = (what: string) => fields[`${name}_${place}${what}`] ?? "";
    const row = { chosen: of(""), label: of(""), not: of("_not") === "1", value: of("_value") };
    return { ...row, faulty: row.chosen !== "" && conditionIn(row) === null };
  }).filter(({ chosen }) => chosen !== "");
}

/** A segment out of the rows of a form; null where none is filled in, and `faulty` where one of them isn't a condition. */
export function readRows(fields: Fields): Segment | "faulty" | null {
  const read = (name: "all" | "any") => typedRows(fields, name).map(conditionIn);
  const [all, any] = [read("all"), read("any")];
  if (all.length + any.length === 0) return null;
  const good = (list: typeof all) => list.filter((each) => each !== null);
  if (good(all).length + good(any).length < all.length + any.length) return "faulty";
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

/** The condition that a row is; null where it isn't one. */
function conditionIn({ chosen, not, value }: Pick<TypedRow, "chosen" | "not" | "value">): Condition | null {
  try {
    const plain = JSON.parse(chosen) as Readonly<Record<string, unknown>>;
    const read = conditionSchema.safeParse({
      ...plain,
      ...whatWasTyped(plain.field, value.trim()),
      ...(not ? { not: true } : {}),
    });
    return read.success ? read.data : null;
  } catch {
    return null;
  }
}
