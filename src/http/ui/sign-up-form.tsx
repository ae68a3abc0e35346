import type { FieldFault, TypedSignUp } from "../../domain/signup/form-reading.ts";
import type { Wording } from "../../domain/signup/partners/partner.ts";
import { LABELS, type Language } from "../../platform/texts/labels.ts";
import { READER_FIELDS } from "../../platform/texts/reader-fields.ts";

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
    <form class="joined" method="post" action="/subscribe" novalidate={faults.length > 0}>
      <HiddenFields fields={hidden} />
      <SignUpFieldset language="en" typed={typed} faults={faults} privacyHref="/privacy" wording={wording} />
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
  language,
  typed,
  faults,
  privacyHref,
  wording,
}: {
  readonly language: Language;
  readonly typed: TypedSignUp;
  readonly faults: readonly FieldFault[];
  readonly privacyHref: string;
  readonly wording: Pick<Wording, "text" | "locale">;
}) {
  const labels = LABELS[language];
  const faultOf = (field: FieldFault["field"]) =>
    faults.find((fault) => fault.field === field)?.message ?? null;
  const emailFault = faultOf("email");
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
      {READER_FIELDS.map(({ name, label, autocomplete }) => {
        const fault = faultOf(name);
        return (
          <div class="field">
            <label for={name}>{label[language]}</label>
            {fault === null ? null : (
              <p class="error" id={`${name}-fault`}>
                {fault}
              </p>
            )}
            <input
              id={name}
              name={name}
              type="text"
              autocomplete={autocomplete}
              value={typed[name]}
              aria-invalid={fault === null ? undefined : "true"}
              aria-describedby={fault === null ? undefined : `${name}-fault`}
            />
          </div>
        );
      })}
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
