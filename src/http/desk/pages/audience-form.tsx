import type { AudienceChoices } from "../../../domain/segments/queries/choices.ts";
import { type Condition, conditionSchema, type Segment } from "../../../domain/segments/segment.ts";
import { weekdayChoices } from "../../../platform/calendar/format.ts";
import { LANGUAGE_NAMES, LANGUAGES } from "../../../platform/texts/languages.ts";
import { Row } from "../../ui/field.tsx";
import { say } from "../../ui/say.ts";
import type { Fields } from "../desk-page.ts";

/** Empty rows that a form has besides those that are filled in. */
const MORE = 2;
const ROWS_MAX = 12;
const DAYS_USUAL = 30;

type Option = { readonly value: string; readonly label: string };
type Group = { readonly label: string; readonly options: readonly Option[] };

/** A condition as the value of an option: without days, which are typed. */
const optionOf = (condition: Readonly<Record<string, unknown>>) => JSON.stringify(condition);

/** Every condition that can be chosen, in groups. */
function groupsOf(choices: AudienceChoices): readonly Group[] {
  const option = (label: string, condition: Readonly<Record<string, unknown>>): Option => ({
    label,
    value: optionOf(condition),
  });
  const own = choices.sequences.map(({ slug, title, settings }) => ({
    label: title,
    options: [
      option(say("desk.audience.in", { title }), { field: "sequence", sequence: slug }),
      ...(["active", "paused", "completed", "stopped"] as const).map((state) =>
        option(say("desk.audience.place", { title, state }), {
          ...{ field: "sequence", sequence: slug },
          any_of: [state],
        }),
      ),
      ...(settings.question?.choices ?? []).map(({ block, label }) =>
        option(say("desk.audience.answer", { question: settings.question?.name ?? "", label }), {
          ...{ field: "answer", sequence: slug },
          any_of: [block],
        }),
      ),
      ...choices.steps
        .filter(({ sequence }) => sequence === slug)
        .map((step) =>
          option(say("desk.audience.hadTheme", { title: step.title }), {
            ...{ field: "had_theme", sequence: slug },
            any_of: [step.slug],
          }),
        ),
      ...choices.steps
        .filter(({ sequence }) => sequence === slug)
        .map((step) =>
          option(say("desk.audience.nextTheme", { title: step.title }), {
            ...{ field: "next_theme", sequence: slug },
            any_of: [step.slug],
          }),
        ),
    ],
  }));
  const groups: Group[] = [
    {
      label: say("desk.audience.group.joining"),
      options: [
        option(say("desk.audience.joinedWithin"), { field: "joined_within" }),
        option(say("desk.audience.leftWithin"), { field: "left_within" }),
        option(say("desk.audience.ownPages"), { field: "source", any_of: ["own"] }),
        ...choices.partners.map(({ slug, name }) =>
          option(say("desk.audience.source", { name }), { field: "source", any_of: [slug] }),
        ),
      ],
    },
    ...own,
    {
      label: say("desk.audience.group.tags"),
      options: choices.tags.map(({ name }) =>
        option(say("desk.audience.tag", { name }), { field: "tag", any_of: [name] }),
      ),
    },
    {
      label: say("desk.audience.group.person"),
      options: [
        ...LANGUAGES.map((language) =>
          option(say("desk.audience.language", { language: LANGUAGE_NAMES[language] }), {
            ...{ field: "language" },
            any_of: [language],
          }),
        ),
        ...weekdayChoices("en").map(({ number, name }) =>
          option(say("desk.audience.weekday", { weekday: name }), { field: "weekday", any_of: [number] }),
        ),
        ...[1, 2, 4].map((weeks) =>
          option(say("desk.audience.pace", { weeks }), { field: "every_weeks", any_of: [weeks] }),
        ),
        option(say("desk.audience.softBounces"), { field: "soft_bounces", at_least: 1 }),
      ],
    },
    {
      label: say("desk.audience.group.broadcasts"),
      options: choices.broadcasts.map(({ id, subject }) =>
        option(say("desk.audience.hadBroadcast", { subject }), { field: "had_broadcast", any_of: [id] }),
      ),
    },
  ];
  return groups.filter(({ options }) => options.length > 0);
}

/** A condition without what's asked beside it. */
function chosenIn({ not: _, ...condition }: Condition): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(condition).filter(([name]) => name !== "days"));
}

/** The rows of a segment's conditions, each chosen from a list, with two empty ones to add to it. */
export function AudienceRows({
  segment,
  choices,
}: {
  readonly segment: Segment | null;
  readonly choices: AudienceChoices;
}) {
  const groups = groupsOf(choices);
  return (
    <>
      <Rows name="all" legend={say("desk.audience.all")} conditions={segment?.all ?? []} groups={groups} />
      <Rows name="any" legend={say("desk.audience.any")} conditions={segment?.any ?? []} groups={groups} />
    </>
  );
}

function Rows({
  name,
  legend,
  conditions,
  groups,
}: {
  readonly name: "all" | "any";
  readonly legend: string;
  readonly conditions: readonly Condition[];
  readonly groups: readonly Group[];
}) {
  const count = Math.min(ROWS_MAX, conditions.length + MORE);
  return (
    <details open={name === "all" || conditions.length > 0}>
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
                    {chosen}
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
              <label for={`${id}-days`}>{say("desk.audience.days")}</label>
              <input
                id={`${id}-days`}
                name={`${name}_${place}_days`}
                type="number"
                min="1"
                max="3650"
                value={String(condition !== undefined && "days" in condition ? condition.days : DAYS_USUAL)}
              />
            </div>
          </Row>
        );
      })}
    </details>
  );
}

const ASK_DAYS: ReadonlySet<unknown> = new Set(["joined_within", "left_within", "soft_bounces"]);

/** A segment out of the rows of a form; null where one of them isn't a condition. Empty rows are left out. */
export function readAudience(fields: Fields): Segment | null {
  if (fields.whom === "everyone") return { all: [] };
  const rows = (name: "all" | "any") =>
    Array.from({ length: ROWS_MAX }, (_, place) => {
      const chosen = fields[`${name}_${place}`] ?? "";
      return chosen === ""
        ? null
        : conditionIn(chosen, fields[`${name}_${place}_not`] === "1", fields[`${name}_${place}_days`]);
    }).filter((each) => each !== null);
  const [all, any] = [rows("all"), rows("any")];
  if ([...all, ...any].includes("faulty") || all.length + any.length === 0) return null;
  const good = (list: typeof all) => list.filter((each): each is Condition => each !== "faulty");
  return { all: good(all), ...(any.length === 0 ? {} : { any: good(any) }) };
}

function conditionIn(chosen: string, not: boolean, days: string | undefined): Condition | "faulty" {
  try {
    const plain = JSON.parse(chosen) as Readonly<Record<string, unknown>>;
    const read = conditionSchema.safeParse({
      ...plain,
      ...(ASK_DAYS.has(plain.field) ? { days: Number(days) } : {}),
      ...(not ? { not: true } : {}),
    });
    return read.success ? read.data : "faulty";
  } catch {
    return "faulty";
  }
}

/** A segment as a sentence says it, condition by condition. */
export function inWords({ all, any = [] }: Segment, choices: AudienceChoices): readonly string[] {
  const labels = new Map(
    groupsOf(choices).flatMap(({ options }) => options.map(({ value, label }) => [value, label])),
  );
  const words = (condition: Condition) => {
    const chosen = optionOf(chosenIn(condition));
    const label = labels.get(chosen) ?? chosen;
    const days = "days" in condition ? condition.days : 0;
    return say("desk.audience.words", { label, days, not: condition.not === true ? "yes" : "no" });
  };
  return [
    ...all.map(words),
    ...(any.length === 0 ? [] : [say("desk.audience.anyWords", { list: any.map(words).join("; ") })]),
  ];
}
