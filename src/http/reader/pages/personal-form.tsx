import { AGE_BANDS } from "../../../domain/people/age-band.ts";
import type { ReaderView } from "../../../domain/sequences/queries/reader.ts";
import { say } from "../../../platform/texts/texts.ts";
import type { Typed } from "./card-props.ts";
import { Hidden } from "./hidden.tsx";

/** First name, and how old the son is. */
export function PersonalForm({
  reader,
  action,
  typed,
}: {
  readonly reader: ReaderView;
  readonly action: string;
  readonly typed: Typed | null;
}) {
  const fault = typed?.fault?.field === "first_name" ? typed.fault.text : null;
  const band = typed?.fields.age_band ?? reader.ageBand ?? "";
  return (
    <section class="card" aria-labelledby="personal-title">
      <h2 id="personal-title">{say("personal.title")}</h2>
      <form class="joined" method="post" action={action}>
        <Hidden reader={reader} enrollmentId={null} />
        <div class="field">
          <label for="first_name">{say("personal.name")}</label>
          {fault === null ? null : (
            <p class="error" id="name-fault">
              {fault}
            </p>
          )}
          <input
            id="first_name"
            name="first_name"
            type="text"
            autocomplete="given-name"
            value={typed?.fields.first_name ?? reader.firstName}
            aria-invalid={fault === null ? undefined : "true"}
            aria-describedby={fault === null ? "name-hint" : "name-fault name-hint"}
            autofocus={fault !== null}
          />
          <span class="hint" id="name-hint">
            {say("personal.nameHint")}
          </span>
        </div>
        <fieldset>
          <legend>
            {say("personal.age")} <span class="hint">{say("personal.ageHint")}</span>
          </legend>
          {AGE_BANDS.map((choice) => (
            <label class="option">
              <input type="radio" name="age_band" value={choice} checked={band === choice} />
              <span>{say(`personal.${choice}`)}</span>
            </label>
          ))}
          <label class="option">
            <input type="radio" name="age_band" value="" checked={band === ""} />
            <span>{say("personal.unsaid")}</span>
          </label>
        </fieldset>
        <button type="submit" name="action" value="personal">
          {say("personal.save")}
        </button>
      </form>
    </section>
  );
}
