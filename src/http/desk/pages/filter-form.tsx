import type { Filter } from "../../../domain/segments/filter.ts";
import type { AudienceChoices } from "../../../domain/segments/queries/choices.ts";
import { Row, SelectField } from "../../ui/field.tsx";
import { Button, SearchForm } from "../../ui/form.tsx";
import { say } from "../../ui/say.ts";

/** Which readers are shown: a form that changes nothing. */
export function FilterForm({
  filter,
  choices,
}: {
  readonly filter: Filter;
  readonly choices: AudienceChoices;
}) {
  const any = { value: "", label: say("desk.filter.any") };
  const select = (
    name: keyof Filter,
    of: ReadonlyArray<{ readonly value: string; readonly label: string }>,
  ) => (
    <SelectField
      id={`filter-${name}`}
      label={say(`desk.filter.${name}`)}
      name={name}
      choices={[any, ...of]}
      chosen={String(filter[name] ?? "")}
    />
  );
  const { sequences, partners, tags, saved } = choices;
  return (
    <details open={Object.values(filter).some((each) => each !== null)}>
      <summary>{say("desk.filter.title")}</summary>
      <SearchForm action="/desk/readers">
        <Row>
          {select(
            "state",
            (["active", "pending", "unsubscribed"] as const).map((value) => ({
              value,
              label: say(`desk.readers.state.${value}`),
            })),
          )}
          {select(
            "sequence",
            sequences.map(({ slug, title }) => ({ value: slug, label: title })),
          )}
          {select(
            "place",
            (["active", "paused", "completed", "stopped"] as const).map((value) => ({
              value,
              label: say("desk.help.state", { state: value }),
            })),
          )}
          {select("source", [
            { value: "own", label: say("desk.numbers.ownPages") },
            ...partners.map(({ slug, name }) => ({ value: slug, label: name })),
          ])}
          {select(
            "tag",
            tags.map(({ name }) => ({ value: name, label: name })),
          )}
          {select(
            "segment",
            saved
              .filter(({ id, archivedAt }) => archivedAt === null || id === filter.segment)
              .map(({ id, name }) => ({ value: String(id), label: name })),
          )}
        </Row>
        <Button quiet>{say("desk.filter.show")}</Button>
      </SearchForm>
    </details>
  );
}
