import type { DeskAct } from "../../../domain/desk/may.ts";
import type { readStory, Upcoming } from "../../../domain/privacy/timeline.ts";
import { dateOf, moment } from "../../ui/date.tsx";
import { Field } from "../../ui/field.tsx";
import { Button } from "../../ui/form.tsx";
import { say, sayWith, type WordKey } from "../../ui/say.ts";
import { BetweenForm, EnrollmentForms } from "./person-enrollments.tsx";
import { PersonStory } from "./person-story.tsx";
import { DeskForm, DeskPage } from "./shell.tsx";

/** What acts of this page came to. */
export const PERSON_SAID = {
  suppressed: "desk.person.said.suppressed",
  lifted: "desk.person.said.lifted",
  not_suppressed: "desk.person.said.not_suppressed",
  changed: "desk.help.said.changed",
  left: "desk.help.said.left",
  stale: "desk.help.said.stale",
  not_possible: "desk.help.said.not_possible",
  too_many: "desk.help.said.too_many",
  faulty: "desk.help.said.faulty",
  tagged: "desk.tags.said.tagged",
  untagged: "desk.tags.said.untagged",
  tag_faulty: "desk.tags.fault",
  sent_again: "desk.help.said.sent_again",
  not_sent_again: "desk.help.said.not_sent_again",
  erased: "desk.person.said.erased",
  waiting: "desk.person.said.waiting",
} as const satisfies Readonly<Record<string, WordKey>>;

type Found = NonNullable<Awaited<ReturnType<typeof readStory>>>;

type PersonProps = {
  /** Who it is, with their sequences, tags and last change. */
  readonly person: Found["person"] & Pick<Found, "enrollments" | "tags" | "lastChange">;
  readonly story: Found["story"];
  readonly consents: Found["consents"];
  /** Whether the last change was made here a moment ago. */
  readonly canUndo: boolean;
  readonly said: WordKey | null;
  readonly fault: "note" | "address" | "tag" | null;
  readonly timeZone: string;
  readonly may: (act: DeskAct) => boolean;
};

/** One person: what's true of them now, what happened, what they agreed to, and what can be done for them. */
export function PersonPage({ person, story, consents, canUndo, said, fault, timeZone, may }: PersonProps) {
  const { id, address, state } = person;
  const { suppressed, upcoming, entries } = story;
  const erased = state === "erased";
  const titles = new Map(person.enrollments.map(({ sequence, title }) => [sequence, title]));
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
        upcoming.map((each) => <p class="lead">{comesNext(each, titles)}</p>)
      )}
      {canUndo && person.lastChange !== null ? (
        <DeskForm
          action={`/desk/readers/${id}/change`}
          revision={person.revision}
          hidden={{ change: String(person.lastChange.changeId) }}
          joined
        >
          <Button name="action" value="undo" quiet>
            {say("desk.help.undo")}
          </Button>
        </DeskForm>
      ) : null}
      {erased || !may("help_person") ? null : (
        <section>
          <h2>{say("desk.help.title")}</h2>
          <p>{say("desk.help.lead")}</p>
          {person.enrollments.map((enrollment) => (
            <EnrollmentForms
              id={id}
              revision={person.revision}
              enrollment={enrollment}
              upcoming={upcoming.find(({ sequence }) => sequence === enrollment.sequence)}
              showsYear={may("write_letters")}
            />
          ))}
          {person.broadcasts && state === "active" ? (
            <BetweenForm id={id} revision={person.revision} />
          ) : null}
          <Tags id={id} tags={person.tags} fault={fault === "tag"} />
        </section>
      )}
      <PersonStory entries={entries} id={id} timeZone={timeZone} maySend={may("help_person")} />
      <section>
        <h2>{say("desk.person.consents")}</h2>
        {consents.map(({ requestedAt, confirmedAt, partnerName, sequence, wordingText, locale }) => (
          <div class="card">
            <p>
              {say("desk.person.consent", {
                partner: partnerName ?? "none",
                sequence: sequence ?? say("desk.person.between"),
                ...moment(requestedAt, timeZone),
              })}
            </p>
            <blockquote lang={locale} dir="auto">
              {wordingText}
            </blockquote>
            <p class="soft">
              <a href={`/desk/readers/${id}/consents`}>{say("desk.person.proof")}</a>{" "}
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

function comesNext(
  { sequence, nextAt, nextTitle, nextNumber, why, slot }: Upcoming,
  titles: ReadonlyMap<string, string>,
): string {
  const about = { sequence: titles.get(sequence) ?? sequence };
  if (why === "comes" && nextAt !== null) {
    const letter = { title: nextTitle ?? "", number: nextNumber ?? 0 };
    return say("desk.person.next", { ...about, ...letter, ...moment(nextAt, slot.timeZone) });
  }
  const told = WHY_NOT[why];
  return say("desk.person.nothing", {
    ...about,
    why: told === undefined ? say("desk.person.why.other", { code: inWords(why) }) : say(told),
  });
}

/** A name of the ledger as words. */
function inWords(name: string): string {
  return name.replaceAll("_", " ");
}

function Tags({
  id,
  tags,
  fault,
}: {
  readonly id: number;
  readonly tags: PersonProps["person"]["tags"];
  readonly fault: boolean;
}) {
  return (
    <div class="card">
      <h3>{say("desk.tags.title")}</h3>
      {tags.length === 0 ? <p class="soft">{say("desk.tags.none")}</p> : null}
      {tags.map(({ name }) => (
        <DeskForm action={`/desk/readers/${id}/tag`} hidden={{ tag: name, take: "1" }} joined>
          <p>
            {name}{" "}
            <Button quiet>
              {sayWith("desk.tags.take", { hidden: () => <span class="only-read">{name}</span> })}
            </Button>
          </p>
        </DeskForm>
      ))}
      <DeskForm action={`/desk/readers/${id}/tag`} joined faulty={fault}>
        <Field
          id="tag"
          name="tag"
          label={say("desk.tags.add")}
          value=""
          fault={fault ? say("desk.tags.fault") : null}
          attributes={{ type: "text", required: true, maxlength: "40", autocomplete: "off" }}
        />
        <Button quiet>{say("desk.tags.addButton")}</Button>
      </DeskForm>
    </div>
  );
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
