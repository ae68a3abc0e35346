import { importOf } from "../../../domain/jobs/import/step-import.ts";
import type { Job } from "../../../domain/jobs/queries/jobs.ts";
import type { Joinable } from "../../../domain/sequences/queries/joinable.ts";
import { Instant } from "../../ui/date.tsx";
import { AreaField, ChoiceField, Field, SelectField } from "../../ui/field.tsx";
import { Button } from "../../ui/form.tsx";
import { Fault } from "../../ui/notice.tsx";
import { say, sayWith, type WordKey } from "../../ui/say.ts";
import { Table } from "../../ui/table.tsx";
import type { Fields } from "../desk-page.ts";
import { DeskForm, DeskPage } from "./shell.tsx";

/** Bringing people along: a file, what it's for, and the files from before. */
export function ImportsPage({
  imports,
  sequences,
  fault,
  typed,
  timeZone,
}: {
  readonly imports: readonly Job[];
  readonly sequences: readonly Joinable[];
  readonly fault: WordKey | null;
  readonly typed: Fields;
  readonly timeZone: string;
}) {
  return (
    <DeskPage title={say("desk.import.title")} room="readers">
      <p class="lead">{say("desk.import.lead")}</p>
      <DeskForm action="/desk/imports" card faulty={fault !== null} files>
        {fault === null ? null : <Fault alert>{say(fault)}</Fault>}
        <Field
          id="file"
          name="file"
          label={say("desk.import.file")}
          hint={say("desk.import.fileHint")}
          value=""
          attributes={{ type: "file", accept: ".csv,.tsv,.txt,text/csv,text/plain", required: true }}
        />
        <ChoiceField
          legend={say("desk.import.intent")}
          name="intent"
          chosen={typed.intent ?? "stop"}
          choices={(["stop", "ask"] as const).map((value) => ({
            value,
            label: say(`desk.import.intent.${value}`),
            hint: say(`desk.import.intent.${value}Hint`),
          }))}
        />
        <SelectField
          id="sequence"
          label={say("desk.import.sequence")}
          name="sequence"
          choices={sequences.map(({ slug, title }) => ({ value: slug, label: title }))}
          chosen={typed.sequence ?? ""}
        />
        <AreaField
          id="words"
          name="words"
          label={say("desk.import.words")}
          hint={say("desk.import.wordsHint")}
          value={typed.words ?? ""}
          attributes={{ rows: 5, maxlength: 2000 }}
        />
        <Field
          id="per_day"
          name="per_day"
          label={say("desk.import.perDay")}
          hint={say("desk.import.perDayHint")}
          value={typed.per_day ?? "500"}
          attributes={{ type: "number", min: "1", max: "10000", required: true }}
        />
        <Button>{say("desk.import.check")}</Button>
        <p class="soft">{say("desk.import.nothingYet")}</p>
      </DeskForm>
      <section>
        <h2>{say("desk.import.before")}</h2>
        {imports.length === 0 ? (
          <p>{sayWith("desk.import.none", {})}</p>
        ) : (
          <Table
            name={say("desk.import.before")}
            head={[say("desk.import.file"), say("desk.import.when"), say("desk.import.what")]}
            rows={imports.map((job) => [
              <a href={`/desk/jobs/${job.id}`}>{importOf(job).fileName}</a>,
              <Instant at={job.createdAt} timeZone={timeZone} />,
              say("desk.import.inShort", {
                state: job.state,
                ask: job.counts.ask ?? 0,
                suppress: job.counts.suppress ?? 0,
              }),
            ])}
          />
        )}
      </section>
    </DeskPage>
  );
}
