import type { Draft } from "../../../domain/letters/draft.ts";
import { EVERY_WEEKS } from "../../../platform/calendar/slot.ts";
import { LANGUAGE_NAMES, LANGUAGES } from "../../../platform/texts/languages.ts";
import { Row, SelectField } from "../../ui/field.tsx";
import { Button } from "../../ui/form.tsx";
import { Fault } from "../../ui/notice.tsx";
import { say } from "../../ui/say.ts";
import type { Fields } from "../desk-page.ts";
import { choicesIn } from "./sequence-fields.ts";
import { DeskForm, DeskPage } from "./shell.tsx";
import { type FieldsProps, fieldsFor, hours, weekdays } from "./typed-fields.tsx";

/** So many choices can be added at a time. */
const MORE = 2;

/** What a sequence is besides its letters. */
export function SequenceSettingsPage({
  draft,
  typed,
  faults,
  whole,
  others,
}: {
  readonly draft: Draft;
  readonly typed: Fields;
  readonly faults: Fields;
  readonly whole: "stale" | "faulty" | null;
  /** Sequences that can be offered after this one. */
  readonly others: ReadonlyArray<{ readonly slug: string; readonly title: string }>;
}) {
  const base = `/desk/letters/${draft.slug}`;
  const { line, area } = fieldsFor({ typed, faults });
  const choose = (name: string, label: string, choices: Parameters<typeof SelectField>[0]["choices"]) => (
    <SelectField id={name} name={name} label={label} choices={choices} chosen={typed[name] ?? ""} />
  );
  return (
    <DeskPage title={say("desk.sequence.title", { title: draft.title })} room="letters">
      <p>
        <a href={base}>{say("desk.publish.back")}</a>
      </p>
      <p class="lead">{say("desk.sequence.lead")}</p>
      <DeskForm action={`${base}/settings`} hidden={{ seen: String(draft.outline) }} faulty={whole !== null}>
        {whole === null ? null : <Fault alert>{say(`desk.sequence.fault.${whole}`)}</Fault>}
        {line("title", "desk.sequence.name", 80)}
        {line("tagline", "desk.sequence.tagline", 120)}
        {area("description", "desk.sequence.description", 600, "desk.sequence.descriptionHint")}
        {choose(
          "language",
          say("desk.sequence.language"),
          LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] })),
        )}
        <fieldset>
          <legend>{say("desk.sequence.when")}</legend>
          <Row>
            {choose("slot_weekday", say("desk.site.weekday"), [
              { value: "", label: say("desk.sequence.siteSlot") },
              ...weekdays(),
            ])}
            {choose("slot_hour", say("desk.site.hour"), hours("UTC"))}
          </Row>
          {choose(
            "every_weeks",
            say("desk.sequence.pace"),
            EVERY_WEEKS.map((weeks) => ({
              value: String(weeks),
              label: say("desk.sequence.everyWeeks", { weeks }),
            })),
          )}
          {choose("first_letter", say("desk.sequence.first"), [
            { value: "at_once", label: say("desk.sequence.atOnce") },
            { value: "in_slot", label: say("desk.sequence.inSlot") },
          ])}
        </fieldset>
        <fieldset>
          <legend>{say("desk.sequence.sender")}</legend>
          {line("sender_name", "desk.sequence.senderName", 80, "desk.sequence.senderHint")}
          {line("sender_reply_to", "desk.sequence.replyTo", 254, "desk.sequence.replyHint")}
        </fieldset>
        <fieldset>
          <legend>{say("desk.sequence.words")}</legend>
          <p class="hint">{say("desk.sequence.wordsLead")}</p>
          {area("words_confirmation", "desk.sequence.wordsConfirmation", 400, "desk.sequence.wordsNoAds")}
          {area("words_welcome_back", "desk.sequence.wordsBack", 400)}
        </fieldset>
        <Question draft={draft} typed={typed} faults={faults} />
        {choose("next", say("desk.sequence.next"), [
          { value: "", label: say("desk.sequence.nothing") },
          ...others.map(({ slug, title }) => ({ value: slug, label: title })),
        ])}
        <Button>{say("desk.site.save")}</Button>
      </DeskForm>
    </DeskPage>
  );
}

/** The question with its answers, each with how many letters have its block. */
function Question({ draft, typed, faults }: FieldsProps & { readonly draft: Draft }) {
  const { line } = fieldsFor({ typed, faults });
  const choices = choicesIn(typed);
  const lettersWith = (block: string) =>
    [draft.welcome, ...draft.steps].filter(({ markdown }) => markdown.split("\n").includes(`:::${block}`))
      .length;
  return (
    <fieldset>
      <legend>{say("desk.sequence.question")}</legend>
      <p class="hint">{say("desk.sequence.questionLead")}</p>
      {faults.question_choices === undefined ? null : <Fault>{faults.question_choices}</Fault>}
      {line("question_text", "desk.sequence.questionText", 160)}
      {line("question_name", "desk.sequence.questionName", 60, "desk.sequence.questionNameHint")}
      {line("question_hint", "desk.sequence.questionHint", 160)}
      {Array.from({ length: choices.length + MORE }, (_, place) => {
        const block = choices[place]?.block ?? "";
        const name = `question_choices_${place}`;
        return (
          <fieldset>
            <legend>{say("desk.sequence.choice", { number: String(place + 1) })}</legend>
            {line(`${name}_label`, "desk.sequence.label", 80)}
            {line(`${name}_block`, "desk.sequence.block", 60)}
            {block === "" ? null : (
              <p class="hint">{say("desk.sequence.blockHint", { letters: lettersWith(block) })}</p>
            )}
            {line(`${name}_heading`, "desk.sequence.choiceHeading", 120)}
          </fieldset>
        );
      })}
    </fieldset>
  );
}
