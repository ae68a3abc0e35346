import type { DeskAct } from "../../../domain/desk/may.ts";
import { masked } from "../../../domain/people/mask.ts";
import type { Listed } from "../../../domain/people/queries/find-people.ts";
import type { SubscriberState } from "../../../domain/people/subscriber-state.ts";
import { Instant } from "../../ui/date.tsx";
import { Field } from "../../ui/field.tsx";
import { Button } from "../../ui/form.tsx";
import { say, sayWith } from "../../ui/say.ts";
import { Pager, Table } from "../../ui/table.tsx";
import { DeskForm, DeskPage } from "./shell.tsx";

/** The states that a list can be of. */
const STATES = ["active", "pending", "unsubscribed"] as const;

type ReadersProps = {
  readonly people: readonly Listed[];
  readonly state: SubscriberState | null;
  /** Where the next page begins; null at the end. */
  readonly next: number | null;
  /** What was looked for, and whether that was enough to look for; null for a list. */
  readonly find: { readonly typed: string; readonly allowed: boolean } | null;
  readonly timeZone: string;
  readonly may: (act: DeskAct) => boolean;
};

/** A search first, then people: the newest, those in a state, or those that were found. */
export function ReadersPage({ people, state, next, find, timeZone, may }: ReadersProps) {
  const lists = may("see_people");
  return (
    <DeskPage
      title={say("desk.room.readers")}
      room="readers"
      said={find === null ? null : foundOf(find, people, lists)}
    >
      {find !== null ? null : (
        <p class="lead">
          {lists ? say("desk.readers.lead", { state: state ?? "all" }) : say("desk.readers.helperLead")}
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
      {lists ? <Filters state={find === null ? state : undefined} /> : null}
      <People people={people} timeZone={timeZone} may={may} />
      {people.length === 0 && find === null && lists ? (
        <p>
          {state === null
            ? sayWith("desk.readers.none", { link: (inner) => <a href="/">{inner}</a> })
            : say("desk.readers.noneInState")}
        </p>
      ) : null}
      <Pager next={next === null ? null : `/desk/readers?${query(state)}before=${next}`}>
        {say("desk.readers.older")}
      </Pager>
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

const query = (state: SubscriberState | null) => (state === null ? "" : `state=${state}&`);

function Filters({ state }: { readonly state: SubscriberState | null | undefined }) {
  return (
    <nav aria-label={say("desk.readers.filter")}>
      <ul class="inline">
        <li>
          <a href="/desk/readers" aria-current={state === null ? "true" : undefined}>
            {say("desk.readers.state.all")}
          </a>
        </li>
        {STATES.map((each) => (
          <li>
            <a href={`/desk/readers?state=${each}`} aria-current={each === state ? "true" : undefined}>
              {say(`desk.readers.state.${each}`)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
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
