import { MEANINGS } from "../../../domain/jobs/import/recognise.ts";
import { importOf, reachOf } from "../../../domain/jobs/import/step-import.ts";
import type { Job } from "../../../domain/jobs/queries/jobs.ts";
import { Field, SelectField } from "../../ui/field.tsx";
import { Button } from "../../ui/form.tsx";
import { say } from "../../ui/say.ts";
import { Facts, Table } from "../../ui/table.tsx";
import { DeskForm } from "./shell.tsx";

/** From so many people on, whoever imports types their number. */
export const TYPED_FROM = 1000;
const FAULTS_SHOWN = 100;

const UNUSABLE = ["no_address", "bad_address", "unknown_state", "repeat"] as const;

/** What a file came to: its five numbers, what its columns mean, what can't be used, and the button that sets it going. */
export function ImportFindings({
  job,
  faults,
}: {
  readonly job: Job;
  readonly faults: ReadonlyArray<readonly [line: number, why: string]>;
}) {
  const { counts, state } = job;
  const { intent, source, header, columns, perDay, sequence } = importOf(job);
  const ask = counts.ask ?? 0;
  const unusable = UNUSABLE.reduce((sum, why) => sum + (counts[`unusable_${why}`] ?? 0), 0);
  const isForecast = state === "ready" || state === "checking" || state === "taking";
  const reach = reachOf(job);
  return (
    <>
      <section>
        <h2>{say(isForecast ? "desk.import.forecast" : "desk.import.result")}</h2>
        <Facts
          of={[
            [
              say("desk.import.ask"),
              ask === 0
                ? "0"
                : say("desk.import.askDays", { ask, days: Math.max(1, Math.ceil(ask / perDay)) }),
            ],
            [say("desk.import.suppress"), String(counts.suppress ?? 0)],
            [say("desk.import.same"), String(counts.same ?? 0)],
            [say("desk.import.kept"), String(counts.kept ?? 0)],
            [say("desk.import.leftOut"), String(counts.left_out ?? 0)],
            [say("desk.import.unusable"), String(unusable)],
            (counts.refused ?? 0) === 0 ? null : [say("desk.import.refused"), String(counts.refused ?? 0)],
          ]}
        />
        {isForecast ? <p class="soft">{say("desk.import.nothingYet")}</p> : null}
      </section>
      {state === "ready" ? (
        <>
          {reach === 0 ? (
            <p>{say("desk.import.nothingToDo")}</p>
          ) : (
            <DeskForm action={`/desk/imports/${job.id}/run`} card>
              <h2>{say("desk.import.run", { intent })}</h2>
              <p>{say("desk.import.runLead", { ask, suppress: counts.suppress ?? 0, sequence })}</p>
              {reach > TYPED_FROM ? (
                <Field
                  id="people"
                  name="people"
                  label={say("desk.import.typeNumber", { reach })}
                  value=""
                  attributes={{ type: "text", inputmode: "numeric", required: true, autocomplete: "off" }}
                />
              ) : null}
              <Button>{say("desk.import.runButton")}</Button>
            </DeskForm>
          )}
          <DeskForm action={`/desk/imports/${job.id}/columns`} card>
            <h2>{say("desk.import.columns")}</h2>
            <p>{say("desk.import.source", { source })}</p>
            {header.slice(0, 40).map((name, place) => (
              <SelectField
                id={`column-${place}`}
                label={name === "" ? say("desk.import.column", { place: place + 1 }) : name}
                name={`column_${place}`}
                choices={MEANINGS.map((meaning) => ({
                  value: meaning,
                  label: say(`desk.import.meaning.${meaning}`),
                }))}
                chosen={columns[place] ?? "ignore"}
              />
            ))}
            <Button quiet>{say("desk.import.checkAgain")}</Button>
          </DeskForm>
        </>
      ) : null}
      {faults.length === 0 ? null : (
        <section>
          <h2>{say("desk.import.faults")}</h2>
          <Table
            name={say("desk.import.faults")}
            head={[say("desk.import.line"), say("desk.import.why")]}
            rows={faults
              .slice(0, FAULTS_SHOWN)
              .map(([line, why]) => [String(line), say("desk.import.fault", { why })])}
          />
          <p>
            <a href={`/desk/imports/${job.id}/faults.csv`} download="">
              {say("desk.import.allFaults")}
            </a>
          </p>
        </section>
      )}
    </>
  );
}
