import type { Child } from "hono/jsx";
import type { ReaderQuestion } from "../../domain/sequences/question.ts";
import type { FieldFault, TypedSignUp } from "../../domain/signup/form-reading.ts";
import type { Wording } from "../../domain/signup/partners/partner.ts";
import { directionOf, LABELS, type Language } from "../../platform/texts/labels.ts";
import { say } from "../../platform/texts/texts.ts";
import { Field, SelectField } from "./field.tsx";
import { Form } from "./form.tsx";
import { SIGN_UP_INPUTS, type SignUpInput, TRAP } from "./sign-up-inputs.ts";

/** The words that are agreed to, in their own language, and what stands in their line. */
export function WordingText({
  wording,
  children,
}: {
  readonly wording: Pick<Wording, "text" | "locale">;
  readonly children?: Child;
}) {
  return (
    <p class="small soft" lang={wording.locale} dir="auto">
      {wording.text}
      {children}
    </p>
  );
}

/** Whether nothing goes without it; the others can be opened. */
const isNeeded = ({ attributes }: SignUpInput) => "required" in attributes;

export type SignUpFormProps = {
  /** What follows is written in it, and so is the form, whatever the page around it speaks. */
  readonly language: Language;
  readonly typed: TypedSignUp;
  readonly faults: readonly FieldFault[];
  readonly wording: Pick<Wording, "text" | "locale">;
  readonly question: ReaderQuestion | null;
  readonly hidden: Readonly<Record<string, string>>;
  readonly card?: boolean;
  /** What tells its fields from those of other forms of the page. */
  readonly prefix?: string;
  readonly children?: Child;
};

/**
 * The sign-up form on a page of ours: one field and its button, the words that are agreed to, and what can be told besides; with what was typed and what
 * is wrong with it, if anything, and the trap that only robots fill in. Its buttons are the children.
 */
export function SignUpForm(props: SignUpFormProps) {
  const { language, typed, faults, wording, question, hidden, card, prefix = "", children } = props;
  const labels = LABELS[language];
  const faultOf = (name: string) => faults.find(({ field }) => field === name)?.message ?? null;
  const firstFaulty = SIGN_UP_INPUTS.find(({ name }) => faultOf(name) !== null);
  const others = SIGN_UP_INPUTS.filter((input) => !isNeeded(input));
  const inputs = (some: readonly SignUpInput[]) =>
    some.map((input) => (
      <Field
        id={`${prefix}${input.name}`}
        label={input.label[language]}
        fault={faultOf(input.name)}
        focused={input === firstFaulty}
        name={input.name}
        attributes={input.attributes}
        value={typed[input.name]}
      />
    ));
  return (
    <div lang={language} dir={directionOf(language)}>
      <Form
        action="/subscribe"
        hidden={{ ...hidden, language }}
        faulty={faults.length > 0}
        joined={card !== true}
        card={card === true}
      >
        {inputs(SIGN_UP_INPUTS.filter(isNeeded))}
        <p class="trap" aria-hidden="true">
          <label for={`${prefix}${TRAP.name}`}>{labels.trap}</label>
          <input id={`${prefix}${TRAP.name}`} name={TRAP.name} tabindex={-1} {...TRAP.attributes} />
        </p>
        {children}
        <WordingText wording={wording}>
          {" "}
          <a href="/privacy">{labels.privacy}</a>
        </WordingText>
        <details open={others.some(({ name }) => faultOf(name) !== null || typed[name] !== "")}>
          <summary>{say("form.more", {}, language)}</summary>
          {inputs(others)}
          {question === null ? null : (
            <SelectField
              id={`${prefix}answer`}
              label={question.text}
              name="answer"
              choices={[
                { value: "", label: say("form.noAnswer", {}, language) },
                ...question.choices.map(({ block, label }) => ({ value: block, label })),
              ]}
              chosen={typed.answer}
            />
          )}
        </details>
      </Form>
    </div>
  );
}
