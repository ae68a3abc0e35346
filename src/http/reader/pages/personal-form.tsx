import type { ReaderView } from "../../../domain/sequences/queries/reader.ts";
import { ChoiceField, Field } from "../../ui/field.tsx";
import { Button } from "../../ui/form.tsx";
import { say } from "../../ui/say.ts";
import type { Typed } from "./card-props.ts";
import { ReaderForm } from "./reader-form.tsx";

/** First name, and the answers to what sequences ask. */
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
        {reader.enrollments.map(({ enrollmentId, question, answer }) => {
          if (question === null) return null;
          const name = `answer_${enrollmentId}`;
          const choices = question.choices.map(({ block, label }) => ({ value: block, label }));
          return (
            <ChoiceField
              legend={question.text}
              hint={question.hint}
              name={name}
              choices={[...choices, { value: "", label: say("personal.unsaid") }]}
              chosen={typed?.fields[name] ?? answer}
            />
          );
        })}
        <Button name="action" value="personal">
          {say("personal.save")}
        </Button>
      </ReaderForm>
    </section>
  );
}
