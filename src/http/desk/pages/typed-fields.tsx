import { WEEKDAYS } from "../../../domain/site/site-schema.ts";
import { hourName, weekdayChoices } from "../../../platform/calendar/format.ts";
import { AreaField, Field } from "../../ui/field.tsx";
import { say, type WordKey } from "../../ui/say.ts";
import type { Fields } from "../desk-page.ts";

/** What was typed into a form, and what's wrong with it, by the names of its fields. */
export type FieldsProps = { readonly typed: Fields; readonly faults: Fields };

/** Fields by their names, with what was typed and what's wrong with it. */
export function fieldsFor({ typed, faults }: FieldsProps) {
  const common = (name: string, label: WordKey) => ({
    id: name,
    name,
    label: say(label),
    value: typed[name] ?? "",
    fault: faults[name] ?? null,
  });
  return {
    line: (name: string, label: WordKey, max: number, hint?: WordKey) => (
      <Field
        {...common(name, label)}
        {...(hint === undefined ? {} : { hint: say(hint) })}
        attributes={{ type: "text", autocomplete: "off", maxlength: String(max) }}
      />
    ),
    area: (name: string, label: WordKey, max: number, hint?: WordKey) => (
      <AreaField
        {...common(name, label)}
        {...(hint === undefined ? {} : { hint: say(hint) })}
        attributes={{ rows: 3, maxlength: max }}
      />
    ),
  };
}

/** The days of the week, Monday first, as a field offers them. */
export const weekdays = () =>
  weekdayChoices("en").map(({ number, name }) => ({ value: WEEKDAYS[number - 1] ?? "", label: name }));

/** The hours of a day, as people in a zone read them. */
export const hours = (timeZone: string) =>
  Array.from({ length: 24 }, (_, hour) => ({ value: String(hour), label: hourName(hour, "en", timeZone) }));

/** Fields are named by where they stand in what's written, `hero.lead` as `hero_lead`. */
const nameOf = (path: string) => path.replaceAll(".", "_");

/** Faults by the name of the field that they stand at, with what to do. */
export function faultsByField(
  faults: ReadonlyArray<{
    readonly field: string;
    readonly message: string;
    readonly fix?: string | undefined;
  }>,
): Fields {
  return Object.fromEntries(
    faults.map(({ field, message, fix }) => [
      nameOf(field),
      [`This ${message}.`, fix].filter(Boolean).join(" "),
    ]),
  );
}
