import { importOf } from "../../../domain/jobs/import/step-import.ts";
import type { Job } from "../../../domain/jobs/queries/jobs.ts";
import { taggingOf } from "../../../domain/jobs/tagging.ts";
import { EVERYONE, filterQuery } from "../../../domain/segments/filter.ts";
import { moment } from "../../ui/date.tsx";
import { Button } from "../../ui/form.tsx";
import { say, type WordKey } from "../../ui/say.ts";
import { ImportFindings } from "./import-findings.tsx";
import { AGAIN_S, Progress } from "./progress.tsx";
import { DeskForm, DeskPage } from "./shell.tsx";

/** What acts on a job came to. */
export const JOB_SAID = {
  stopped: "desk.job.said.stopped",
  ended_already: "desk.job.said.ended_already",
  undoing: "desk.job.said.undoing",
  too_late: "desk.job.said.too_late",
  number: "desk.import.said.number",
  not_ready: "desk.import.said.not_ready",
} as const satisfies Readonly<Record<string, WordKey>>;

/** A job that has a page of its own. */
type JobOfItsOwn = Job & { readonly kind: "tag" | "import" };

type JobPageProps = {
  readonly job: JobOfItsOwn;
  /** Lines of a file that can't be used, with why. */
  readonly faults: ReadonlyArray<readonly [line: number, why: string]>;
  readonly canUndo: boolean;
  readonly said: WordKey | null;
  readonly timeZone: string;
};

/** Long work: how far it is, what came of it so far, and how to stop it or take it back. */
export function JobPage({ job, faults, canUndo, said, timeZone }: JobPageProps) {
  const { id, kind, state } = job;
  const isOpen = state === "running" || state === "checking" || state === "taking";
  return (
    <DeskPage
      title={say(`desk.job.title.${kind}`)}
      room="readers"
      said={said === null ? null : say(said)}
      again={isOpen ? AGAIN_S : null}
    >
      <p class="lead" role={isOpen ? "status" : undefined}>
        {sentence(job, timeZone)}
      </p>
      {isOpen && job.total !== null ? <Progress done={job.cursor} total={job.total} /> : null}
      {isOpen ? (
        <DeskForm action={`/desk/jobs/${id}/stop`} joined>
          <p>{say(`desk.job.stopLead.${kind}`)}</p>
          <Button quiet>{say("desk.job.stop")}</Button>
        </DeskForm>
      ) : null}
      {canUndo ? (
        <DeskForm action={`/desk/jobs/${id}/undo`} joined>
          <p>{say("desk.job.undoLead")}</p>
          <Button quiet>{say("desk.job.undo")}</Button>
        </DeskForm>
      ) : null}
      {kind === "import" ? <ImportFindings job={job} faults={faults} /> : null}
      {isOpen ? (
        <p class="soft">
          <a href={`/desk/jobs/${id}`}>{say("desk.job.look")}</a>
        </p>
      ) : null}
      {kind === "tag" ? (
        <p>
          <a href={`/desk/readers?${filterQuery({ ...EVERYONE, tag: taggingOf(job).tag })}`}>
            {say("desk.job.tagged", { tag: taggingOf(job).tag })}
          </a>
        </p>
      ) : null}
    </DeskPage>
  );
}

function sentence(job: JobOfItsOwn, timeZone: string): string {
  const { kind, state, counts, waitsUntil } = job;
  if (kind === "tag") {
    const { tag, undoing } = taggingOf(job);
    const about = { tag, people: counts.people ?? 0 };
    if (state === "running") return say(undoing ? "desk.job.tagUndoing" : "desk.job.tagRunning", about);
    return say(
      `desk.job.tag.${state === "undone" ? "undone" : state === "stopped" ? "stopped" : "done"}`,
      about,
    );
  }
  if (state === "running" && waitsUntil !== null)
    return say("desk.import.waits", {
      asked: counts.ask ?? 0,
      perDay: importOf(job).perDay,
      ...moment(waitsUntil, timeZone),
    });
  return say(`desk.import.state.${state === "undone" ? "stopped" : state}`, { file: importOf(job).fileName });
}
