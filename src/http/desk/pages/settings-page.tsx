import type { listActs } from "../../../domain/acts/queries/acts.ts";
import { type DeskPerson, may, ROLES } from "../../../domain/desk/may.ts";
import type { listDesk } from "../../../domain/desk/queries/people.ts";
import type { listSessions } from "../../../domain/desk/queries/sessions.ts";
import { Instant } from "../../ui/date.tsx";
import { Field, SelectField } from "../../ui/field.tsx";
import { Button, SearchForm } from "../../ui/form.tsx";
import { say, sayWith, type WordKey } from "../../ui/say.ts";
import { Pager, Table } from "../../ui/table.tsx";
import type { Fields } from "../desk-page.ts";
import { DeskForm, DeskPage } from "./shell.tsx";

/** What acts of this page came to. */
export const SETTINGS_SAID = {
  ended: "desk.settings.said.ended",
  added: "desk.settings.said.added",
  same: "desk.settings.said.same",
  last_owner: "desk.settings.said.last_owner",
  removed: "desk.settings.said.removed",
  not_removed: "desk.settings.said.not_removed",
} as const satisfies Readonly<Record<string, WordKey>>;

type People = Awaited<ReturnType<typeof listDesk>>;

type SettingsProps = {
  readonly person: DeskPerson;
  readonly people: People;
  readonly sessions: Awaited<ReturnType<typeof listSessions>>;
  readonly sessionHash: string | null;
  readonly said: WordKey | null;
  readonly typed: Fields;
  readonly faulty: boolean;
  readonly timeZone: string;
  readonly wallNow: number;
};

/** Who is at the desk, one's own sessions, and the way to what was done. */
export function SettingsPage(props: SettingsProps) {
  const { person, people, sessions, sessionHash, said, timeZone } = props;
  return (
    <DeskPage title={say("desk.room.settings")} room="settings" said={said === null ? null : say(said)}>
      <p class="lead">{say("desk.settings.lead", { address: person.address, role: person.role })}</p>
      {may(person, "see_desk") ? <PeopleAtDesk {...props} people={people} /> : null}
      <section>
        <h2>{say("desk.settings.sessions")}</h2>
        {sessions.length === 0 ? (
          <p>{say("desk.settings.noSessions")}</p>
        ) : (
          <>
            <ul>
              {sessions.map(({ idHash, createdAt, lastUsedAt }) => (
                <li>
                  <Instant at={lastUsedAt} timeZone={timeZone} />{" "}
                  <span class="soft">
                    {say(idHash === sessionHash ? "desk.settings.thisOne" : "desk.settings.since", {
                      since: new Date(createdAt).toISOString().slice(0, 10),
                    })}
                  </span>
                </li>
              ))}
            </ul>
            <DeskForm action="/desk/settings/sessions/end" joined>
              <Button quiet>{say("desk.settings.endAll")}</Button>
            </DeskForm>
          </>
        )}
      </section>
      {may(person, "see_acts") ? (
        <>
          <p>
            <a href="/desk/site">{say("desk.settings.toSite")}</a>
          </p>
          <p>
            <a href="/desk/settings/sending">{say("desk.settings.toSender")}</a>
          </p>
          <p>
            <a href="/desk/settings/acts">{say("desk.settings.toActs")}</a>
          </p>
        </>
      ) : null}
    </DeskPage>
  );
}

function PeopleAtDesk({ people, person, typed, faulty, timeZone }: SettingsProps) {
  return (
    <section>
      <h2>{say("desk.settings.people")}</h2>
      <Table
        name={say("desk.settings.people")}
        head={[
          say("desk.settings.address"),
          say("desk.settings.role"),
          say("desk.settings.since_"),
          say("desk.settings.remove"),
        ]}
        rows={people.map(({ personId, address, role, createdAt }) => [
          address,
          say(`desk.role.${role}`),
          <Instant at={createdAt} timeZone={timeZone} />,
          personId === person.personId ? (
            say("desk.settings.you")
          ) : (
            <DeskForm action="/desk/settings/people/remove" hidden={{ person: String(personId) }} joined>
              <Button quiet>{say("desk.settings.removeOne")}</Button>
            </DeskForm>
          ),
        ])}
      />
      <DeskForm action="/desk/settings/people/add" card faulty={faulty}>
        <h3>{say("desk.settings.add")}</h3>
        <p>{sayWith("desk.settings.addLead", { code: (inner) => <code>{inner}</code> })}</p>
        <Field
          id="address"
          name="address"
          label={say("desk.settings.address")}
          value={typed.address ?? ""}
          fault={faulty ? say("desk.settings.addressFault") : null}
          attributes={{ type: "email", required: true, maxlength: "254", autocomplete: "off" }}
        />
        <SelectField
          id="role"
          name="role"
          label={say("desk.settings.role")}
          chosen={typed.role ?? "editor"}
          choices={ROLES.map((role) => ({ value: role, label: say(`desk.role.${role}.says`) }))}
        />
        <Button>{say("desk.settings.addButton")}</Button>
      </DeskForm>
    </section>
  );
}

/** As much of what changed as fits a line. */
const CHANGED_MAX = 90;

function changedIn(changed: Act["changed"]): string {
  const values = Object.entries(changed).map(
    ([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  const whole = values.join(", ");
  return whole.length <= CHANGED_MAX ? whole : `${whole.slice(0, CHANGED_MAX - 1)}…`;
}

type Act = Awaited<ReturnType<typeof listActs>>[number];

/** What was done, by whom and when, newest first. */
export function ActsPage({
  acts,
  about,
  next,
  people,
  timeZone,
}: {
  readonly acts: readonly Act[];
  /** Only those of this object; null for all. */
  readonly about: string | null;
  readonly next: number | null;
  readonly people: People;
  readonly timeZone: string;
}) {
  const whoOf = (actor: string) => {
    const id = Number(/^desk:(\d+)$/.exec(actor)?.[1] ?? 0);
    return people.find(({ personId }) => personId === id)?.address ?? actor.replaceAll("_", " ");
  };
  return (
    <DeskPage title={say("desk.acts.title")} room="settings">
      <p class="lead">{say("desk.acts.lead")}</p>
      <SearchForm action="/desk/settings/acts">
        <Field
          id="object"
          name="object"
          label={say("desk.acts.object")}
          hint={say("desk.acts.objectHint")}
          value={about ?? ""}
          attributes={{ type: "text", autocomplete: "off", maxlength: "100" }}
        />
        <Button quiet>{say("desk.filter.show")}</Button>
      </SearchForm>
      {acts.length === 0 ? (
        <p>{say("desk.acts.none")}</p>
      ) : (
        <Table
          name={say("desk.acts.title")}
          head={[
            say("desk.acts.when"),
            say("desk.acts.who"),
            say("desk.acts.what"),
            say("desk.acts.changed"),
          ]}
          rows={acts.map(({ at, actor, verb, object, changed, stage }) => [
            <Instant at={at} timeZone={timeZone} />,
            whoOf(actor),
            <>
              {verb.replaceAll("_", " ")} ·{" "}
              <a href={`/desk/settings/acts?object=${encodeURIComponent(object)}`}>{object}</a>
              {stage === "settled" ? "" : ` ${say("desk.acts.open")}`}
            </>,
            changedIn(changed),
          ])}
        />
      )}
      <Pager
        next={
          next === null
            ? null
            : `/desk/settings/acts?${about === null ? "" : `object=${encodeURIComponent(about)}&`}before=${next}`
        }
      >
        {say("desk.acts.older")}
      </Pager>
    </DeskPage>
  );
}
