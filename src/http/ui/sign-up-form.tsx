import type { FieldFault, TypedSignUp } from "../../domain/signup/form-reading.ts";
import type { Wording } from "../../domain/signup/partners/partner.ts";
import { LABELS, type Labels } from "../../platform/texts/labels.ts";

/** The sign-up form of our own page, with what was typed and what is wrong with it, if anything. */
export function SignUpForm({
  typed,
  faults,
  wording,
  hidden,
}: {
  readonly typed: TypedSignUp;
  readonly faults: readonly FieldFault[];
  readonly wording: Pick<Wording, "text" | "locale">;
  readonly hidden: Readonly<Record<string, string>>;
}) {
  return (
    <form method="post" action="/subscribe" novalidate={faults.length > 0}>
      <HiddenFields fields={hidden} />
      <SignUpFieldset
        labels={LABELS.en}
        typed={typed}
        faults={faults}
        privacyHref="/privacy"
        wording={wording}
      />
      <button type="submit">{LABELS.en.button}</button>
    </form>
  );
}

/** What the form carries along. */
export function HiddenFields({ fields }: { readonly fields: Readonly<Record<string, string>> }) {
  return (
    <>
      {Object.entries(fields).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
    </>
  );
}

/** The fields that a visitor sees, the trap that only robots fill in, and the words that are agreed to. */
export function SignUpFieldset({
  labels,
  typed,
  faults,
  privacyHref,
  wording,
}: {
  readonly labels: Labels;
  readonly typed: TypedSignUp;
  readonly faults: readonly FieldFault[];
  readonly privacyHref: string;
  readonly wording: Pick<Wording, "text" | "locale">;
}) {
  const faultOf = (field: FieldFault["field"]) =>
    faults.find((fault) => fault.field === field)?.message ?? null;
  const emailFault = faultOf("email");
  const nameFault = faultOf("first_name");
  return (
    <>
      <div class="field">
        <label for="email">{labels.email}</label>
        {emailFault === null ? null : (
          <p class="error" id="email-fault">
            {emailFault}
          </p>
        )}
        <input
          id="email"
          name="email"
          type="email"
          required
          autocomplete="email"
          inputmode="email"
          autocapitalize="none"
          spellcheck={false}
          dir="ltr"
          value={typed.email}
          aria-invalid={emailFault === null ? undefined : "true"}
          aria-describedby={emailFault === null ? undefined : "email-fault"}
          autofocus={emailFault !== null}
        />
      </div>
      <div class="field">
        <label for="first_name">{labels.firstName}</label>
        {nameFault === null ? null : (
          <p class="error" id="name-fault">
            {nameFault}
          </p>
        )}
        <input
          id="first_name"
          name="first_name"
          type="text"
          autocomplete="given-name"
          value={typed.firstName}
          aria-invalid={nameFault === null ? undefined : "true"}
          aria-describedby={nameFault === null ? undefined : "name-fault"}
        />
      </div>
      <p class="trap" aria-hidden="true">
        <label for="leave_empty">{labels.trap}</label>
        <input id="leave_empty" name="leave_empty" tabindex={-1} autocomplete="off" />
      </p>
      <p class="small soft" lang={wording.locale} dir="auto">
        “{wording.text}”
      </p>
      <p class="small soft">
        <a href={privacyHref}>{labels.privacy}</a>
      </p>
    </>
  );
}
