import { AGE_BANDS } from "../../../domain/people/age-band.ts";
import type { ReaderView } from "../../../domain/sequences/queries/reader.ts";
import { say } from "../../../platform/texts/texts.ts";
import { ChoiceField, Field } from "../../ui/field.tsx";
import { Button } from "../../ui/form.tsx";
import type { Typed } from "./card-props.ts";
import { ReaderForm } from "./reader-form.tsx";

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
  const bands = AGE_BANDS.map((band) => ({ value: band as string, label: say(`personal.${band}`) }));
  return (
    <section class="card" aria-labelledby="personal-title">
      <h2 id="personal-title">{say("personal.title")}</h2>
      <ReaderForm reader={reader} enrollmentId={null} action={action} joined>
        <Field
          id="first_name"
          label={say("personal.name")}
          hint={say("personal.nameHint")}
          fault={fault}
          focused={fault !== null}
          name="first_name"
          attributes={{ type: "text", autocomplete: "given-name" }}
          value={typed?.fields.first_name ?? reader.firstName}
        />
        <ChoiceField
          legend={say("personal.age")}
          hint={say("personal.ageHint")}
          name="age_band"
          choices={[...bands, { value: "", label: say("personal.unsaid") }]}
          chosen={typed?.fields.age_band ?? reader.ageBand ?? ""}
        />
        <Button name="action" value="personal">
          {say("personal.save")}
        </Button>
      </ReaderForm>
    </section>
  );
}
