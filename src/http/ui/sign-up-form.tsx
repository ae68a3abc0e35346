import type { Child } from "hono/jsx";
import type { FieldFault, TypedSignUp } from "../../domain/signup/form-reading.ts";
import type { Wording } from "../../domain/signup/partners/partner.ts";
import { LABELS, type Language } from "../../platform/texts/labels.ts";
import { Field } from "./field.tsx";
import { Form } from "./form.tsx";
import { SIGN_UP_INPUTS, TRAP } from "./sign-up-inputs.ts";

/** The words that are agreed to, in their own language. */
export function WordingText({ wording }: { readonly wording: Pick<Wording, "text" | "locale"> }) {
  return (
    <p class="small soft" lang={wording.locale} dir="auto">
      “{wording.text}”
    </p>
  );
}

/**
 * The sign-up form on a page of ours, with what was typed and what is wrong with it, if anything; the trap that only robots fill in; and
 * the words that are agreed to. Its buttons are the children.
 */
export function SignUpForm({
  language,
  typed,
  faults,
  wording,
  hidden,
  card,
  children,
}: {
  readonly language: Language;
  readonly typed: TypedSignUp;
  readonly faults: readonly FieldFault[];
  readonly wording: Pick<Wording, "text" | "locale">;
  readonly hidden: Readonly<Record<string, string>>;
  readonly card?: boolean;
  readonly children?: Child;
}) {
  const labels = LABELS[language];
  const faultOf = (name: string) => faults.find(({ field }) => field === name)?.message ?? null;
  const firstFaulty = SIGN_UP_INPUTS.find(({ name }) => faultOf(name) !== null);
  return (
    <Form
      action="/subscribe"
      hidden={hidden}
      faulty={faults.length > 0}
      joined={card !== true}
      card={card === true}
    >
      {SIGN_UP_INPUTS.map((input) => (
        <Field
          id={input.name}
          label={input.label[language]}
          fault={faultOf(input.name)}
          focused={input === firstFaulty}
          name={input.name}
          attributes={input.attributes}
          value={typed[input.name]}
        />
      ))}
      <p class="trap" aria-hidden="true">
        <label for={TRAP.name}>{labels.trap}</label>
        <input id={TRAP.name} name={TRAP.name} tabindex={-1} {...TRAP.attributes} />
      </p>
      <WordingText wording={wording} />
      <p class="small soft">
        <a href="/privacy">{labels.privacy}</a>
      </p>
      {children}
    </Form>
  );
}
