import type { DeskAct } from "../../../domain/desk/may.ts";
import { masked } from "../../../domain/people/mask.ts";
import type { Listed } from "../../../domain/people/queries/find-people.ts";
import { type Filter, filterQuery } from "../../../domain/segments/filter.ts";
import type { AudienceChoices } from "../../../domain/segments/queries/choices.ts";
import { Instant } from "../../ui/date.tsx";
import { Field } from "../../ui/field.tsx";
import { Button } from "../../ui/form.tsx";
import { say, sayWith, type WordKey } from "../../ui/say.ts";
import { Pager, Table } from "../../ui/table.tsx";
import { FilterForm } from "./filter-form.tsx";
import { DeskForm, DeskPage } from "./shell.tsx";

/** What acts of this page came to. */
export const READERS_SAID = {
  tag_faulty: "desk.tags.fault",
} as const satisfies Readonly<Record<string, WordKey>>;

type ReadersProps = {
  readonly people: readonly Listed[];
  readonly filter: Filter;
  /** What the filter can be made of; null where nothing is to be filtered. */
  readonly choices: AudienceChoices | null;
  /** Where the next page begins; null at the end. */
  readonly next: number | null;
  /** What was looked for, and whether that was enough to look for; null for a list. */
  readonly find: { readonly typed: string; readonly allowed: boolean } | null;
  readonly said: WordKey | null;
  readonly timeZone: string;
  readonly may: (act: DeskAct) => boolean;
};

/** A search first, then people: the newest, those in a state, or those that were found. */
export function ReadersPage({ people, filter, choices, next, find, said, timeZone, may }: ReadersProps) {
  const lists = may("see_people");
  return (
    <DeskPage
      title={say("desk.room.readers")}
      room="readers"
      said={find === null ? (said === null ? null : say(said)) : foundOf(find, people, lists)}
    >
      {find !== null ? null : (
        <p class="lead">
          {lists
            ? say("desk.readers.lead", { state: filter.state ?? "all" })
            : say("desk.readers.helperLead")}
        </p>
      )}
      {may("find_person") ? (
        <DeskForm action="/desk/readers" joined faulty={find?.allowed === false}>
          <Field
            id="find"
            name="find"
            label={say("desk.readers.find")}
            hint={say(lists ? "desk.readers.findHint" : "desk.readers.findHintWhole")}
            value={find?.typed ?? ""}
            fault={
              find?.allowed === false
                ? say(lists ? "desk.readers.findFault" : "desk.readers.findFaultWhole")
                : null
            }
            attributes={{
              type: "text",
              inputmode: "email",
              autocapitalize: "none",
              autocomplete: "off",
              maxlength: "254",
            }}
          />
          <Button quiet>{say("desk.readers.findButton")}</Button>
        </DeskForm>
      ) : null}
      {choices === null ? null : <FilterForm filter={filter} choices={choices} />}
      <People people={people} timeZone={timeZone} may={may} />
      {people.length === 0 && find === null && lists && next === null ? (
        <p>
          {filterQuery(filter) === ""
            ? sayWith("desk.readers.none", { link: (inner) => <a href="/">{inner}</a> })
            : say("desk.readers.noneLikeThat")}
        </p>
      ) : null}
      {people.length < 50 && next !== null ? <p class="soft">{say("desk.readers.lookedThrough")}</p> : null}
      <Pager next={next === null ? null : `/desk/readers?${query(filter)}before=${next}`}>
        {say("desk.readers.older")}
      </Pager>
      {find === null ? <WithThese filter={filter} may={may} /> : null}
    </DeskPage>
  );
}

function foundOf(
  { typed, allowed }: NonNullable<ReadersProps["find"]>,
  people: readonly Listed[],
  lists: boolean,
) {
  if (!allowed) return null;
  return say(lists ? "desk.readers.found" : "desk.readers.foundWhole", { count: people.length, typed });
}

const query = (filter: Filter) => (filterQuery(filter) === "" ? "" : `${filterQuery(filter)}&`);

/** What can be done with all that a filter is true of. */
function WithThese({ filter, may }: Pick<ReadersProps, "filter" | "may">) {
  if (!may("see_jobs")) return null;
  const hidden = Object.fromEntries(
    Object.entries(filter).map(([name, value]) => [name, String(value ?? "")]),
  );
  return (
    <section>
      <h2>{say("desk.with.title")}</h2>
      <div class="card">
        <p>{say("desk.with.exportLead")}</p>
        <DeskForm action="/desk/readers/export" hidden={hidden} joined>
          <Button quiet>{say("desk.with.export")}</Button>
        </DeskForm>
        <DeskForm action="/desk/readers/export-suppressions" joined>
          <Button quiet>{say("desk.with.exportSuppressions")}</Button>
        </DeskForm>
      </div>
      <DeskForm action="/desk/readers/tags" hidden={hidden} card>
        <Field
          id="tag-all"
          name="new_tag"
          label={say("desk.with.tag")}
          hint={say("desk.with.tagHint")}
          value=""
          attributes={{ type: "text", required: true, maxlength: "40", autocomplete: "off" }}
        />
        <Button quiet>{say("desk.with.tagButton")}</Button>
      </DeskForm>
      <p>
        <a href="/desk/segments">{say("desk.segments.title")}</a>
      </p>
      <p>
        <a href="/desk/imports">{say("desk.with.import")}</a>
      </p>
    </section>
  );
}

function People({ people, timeZone, may }: Pick<ReadersProps, "people" | "timeZone" | "may">) {
  if (people.length === 0) return null;
  const opens = may("see_person");
  const shows = may("see_addresses");
  return (
    <Table
      name={say("desk.readers.table")}
      head={[say("desk.readers.address"), say("desk.readers.stateOf"), say("desk.readers.joined")]}
      rows={people.map(({ id, address, state, createdAt }) => [
        opens ? (
          <a href={`/desk/readers/${id}`} translate="no">
            {address}
          </a>
        ) : (
          <span translate="no">{shows ? address : masked(address)}</span>
        ),
        say(`desk.readers.state.${state}`),
        <Instant at={createdAt} timeZone={timeZone} />,
      ])}
    />
  );
}
