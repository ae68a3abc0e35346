import type { DeskAct } from "../../../domain/desk/may.ts";
import type { Listed } from "../../../domain/people/queries/find-people.ts";
import type { timeline, Upcoming } from "../../../domain/privacy/timeline.ts";
import type { readConsentRecords } from "../../../domain/signup/queries/consent-records.ts";
import { dateOf, Instant, moment } from "../../ui/date.tsx";
import { Field } from "../../ui/field.tsx";
import { Button } from "../../ui/form.tsx";
import { say, type WordKey } from "../../ui/say.ts";
import { Table } from "../../ui/table.tsx";
import { DeskForm, DeskPage } from "./shell.tsx";

/** What acts of this page came to. */
export const PERSON_SAID = {
  suppressed: "desk.person.said.suppressed",
  lifted: "desk.person.said.lifted",
  not_suppressed: "desk.person.said.not_suppressed",
  erased: "desk.person.said.erased",
  waiting: "desk.person.said.waiting",
} as const satisfies Readonly<Record<string, WordKey>>;

type Story = NonNullable<Awaited<ReturnType<typeof timeline>>>;
type Records = NonNullable<Awaited<ReturnType<typeof readConsentRecords>>>["records"];

type PersonProps = {
  readonly person: Listed;
  readonly story: Story;
  readonly consents: Records;
  readonly said: WordKey | null;
  readonly fault: "note" | "address" | null;
  readonly timeZone: string;
  readonly may: (act: DeskAct) => boolean;
};

/** One person: what's true of them now, what happened, what they agreed to, and what can be done for them. */
export function PersonPage({ person, story, consents, said, fault, timeZone, may }: PersonProps) {
  const { id, address, state } = person;
  const { suppressed, upcoming, entries } = story;
  const erased = state === "erased";
  return (
    <DeskPage
      title={erased ? say("desk.person.erasedTitle") : address}
      room="readers"
      said={said === null ? null : say(said)}
    >
      {suppressed === null ? null : (
        <p class="lead">
          {say("desk.person.suppressed", {
            reason: suppressed.reason,
            date: dateOf(suppressed.since, timeZone),
          })}
        </p>
      )}
      {state !== "active" || upcoming.length === 0 ? (
        <p class="lead">{say(`desk.person.state.${state}`)}</p>
      ) : (
        upcoming.map((each) => <p class="lead">{comesNext(each)}</p>)
      )}
      <section>
        <h2>{say("desk.person.story")}</h2>
        <Table
          name={say("desk.person.story")}
          head={[
            say("desk.person.when"),
            say("desk.person.what"),
            say("desk.person.letter"),
            say("desk.person.reason"),
          ]}
          rows={entries
            .toReversed()
            .map(({ at, what, kind, step, sequence, reason }) => [
              <Instant at={at} timeZone={timeZone} />,
              inWords([kind, what]),
              step ?? sequence ?? "",
              inWords([reason]),
            ])}
        />
      </section>
      <section>
        <h2>{say("desk.person.consents")}</h2>
        {consents.map(({ requestedAt, confirmedAt, partnerName, sequence, wordingText, locale }) => (
          <div class="card">
            <p>
              {say("desk.person.consent", {
                partner: partnerName ?? "none",
                sequence,
                ...moment(requestedAt, timeZone),
              })}
            </p>
            <blockquote lang={locale} dir="auto">
              {wordingText}
            </blockquote>
            <p class="soft">
              {confirmedAt === null
                ? say("desk.person.unconfirmed")
                : say("desk.person.confirmed", moment(confirmedAt, timeZone))}
            </p>
          </div>
        ))}
      </section>
      {erased ? null : <Acts id={id} suppressed={suppressed !== null} fault={fault} may={may} />}
      <p class="soft">{say("desk.person.looks")}</p>
    </DeskPage>
  );
}

const WHY_NOT: Readonly<Record<string, WordKey>> = {
  completed: "desk.person.why.completed",
  no_theme_left: "desk.person.why.no_theme_left",
  letter_held: "desk.person.why.letter_held",
  letter_on_its_way: "desk.person.why.letter_on_its_way",
  next_theme_is_a_draft: "desk.person.why.next_theme_is_a_draft",
};

function comesNext({ sequence, nextAt, nextStep, why, slot }: Upcoming): string {
  if (why === "comes" && nextAt !== null)
    return say("desk.person.next", { step: nextStep ?? "", sequence, ...moment(nextAt, slot.timeZone) });
  const told = WHY_NOT[why];
  return say("desk.person.nothing", {
    sequence,
    why: told === undefined ? say("desk.person.why.other", { code: inWords([why]) }) : say(told),
  });
}

/** Names of the ledger as words. */
function inWords(names: ReadonlyArray<string | null | undefined>): string {
  return names
    .filter((name) => name != null && name !== "")
    .join(" ")
    .replaceAll("_", " ");
}

function Acts({
  id,
  suppressed,
  fault,
  may,
}: Pick<PersonProps, "fault" | "may"> & { readonly id: number; readonly suppressed: boolean }) {
  const act = suppressed ? "lift" : "suppress";
  return (
    <>
      {may("suppress_person") ? (
        <DeskForm action={`/desk/readers/${id}/${act}`} card faulty={fault === "note"}>
          <h2>{say(`desk.person.${act}`)}</h2>
          <p>{say(`desk.person.${act}Lead`)}</p>
          <Field
            id="note"
            name="note"
            label={say("desk.person.note")}
            hint={say("desk.person.noteHint")}
            value=""
            fault={fault === "note" ? say("desk.person.noteFault") : null}
            attributes={{ type: "text", required: true, maxlength: "300", autocomplete: "off" }}
          />
          <Button quiet>{say(`desk.person.${act}Button`)}</Button>
        </DeskForm>
      ) : null}
      {may("erase_person") ? (
        <DeskForm action={`/desk/readers/${id}/erase`} card faulty={fault === "address"}>
          <h2>{say("desk.person.erase")}</h2>
          <p>{say("desk.person.eraseLead")}</p>
          <Field
            id="address"
            name="address"
            label={say("desk.person.eraseAddress")}
            value=""
            fault={fault === "address" ? say("desk.person.eraseFault") : null}
            attributes={{
              type: "text",
              inputmode: "email",
              required: true,
              maxlength: "254",
              autocomplete: "off",
            }}
          />
          <Button quiet>{say("desk.person.eraseButton")}</Button>
        </DeskForm>
      ) : null}
    </>
  );
}
