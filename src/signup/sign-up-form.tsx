import type { FieldFault, TypedSignUp } from "./form-reading.ts";
import { WORDING } from "./wording.ts";

/** The sign-up form, with what was typed and what is wrong with it, if anything. */
export function SignUpForm({
  typed,
  faults,
}: {
  readonly typed: TypedSignUp;
  readonly faults: readonly FieldFault[];
}) {
  const faultOf = (field: FieldFault["field"]) =>
    faults.find((fault) => fault.field === field)?.message ?? null;
  const emailFault = faultOf("email");
  const nameFault = faultOf("first_name");
  return (
    <form method="post" action="/subscribe" novalidate={faults.length > 0}>
      <div class="field">
        <label for="email">Email address</label>
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
          value={typed.email}
          aria-invalid={emailFault === null ? undefined : "true"}
          aria-describedby={emailFault === null ? undefined : "email-fault"}
          autofocus={emailFault !== null}
        />
      </div>
      <div class="field">
        <label for="first_name">
          First name <span class="hint">If you like, so that the letters can greet you.</span>
        </label>
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
      <input type="hidden" name="time_zone" value="" />
      <p class="small soft">
        By pressing the button you say: “{WORDING.text}” <a href="/privacy">How we handle your data</a>
      </p>
      <button type="submit">Send me the letters</button>
    </form>
  );
}
