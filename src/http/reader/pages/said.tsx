import { isUndoable } from "../../../domain/sequences/change-reader.ts";
import type { ChangeView, ReaderView } from "../../../domain/sequences/queries/reader.ts";
import type { Schedule } from "../../../domain/sequences/schedule.ts";
import { Button } from "../../ui/form.tsx";
import { Notice } from "../../ui/notice.tsx";
import { say, type WordKey } from "../../ui/say.ts";
import { BeforeAndNow } from "./dates.tsx";
import { ReaderForm } from "./reader-form.tsx";

/** What the last press on a reader's page came to: a change, or what else. */
export type SaidOnPage = ChangeView | "nothing" | "broadcasts" | "no_broadcasts" | "stale" | "too_many";

/** What the last press came to, in dates before and after, with the button that takes it back. */
export function Said({
  reader,
  action,
  said,
}: {
  readonly reader: ReaderView;
  readonly action: string;
  readonly said: SaidOnPage | null;
}) {
  if (said === null) return null;
  if (said === "stale") {
    return (
      <Notice alert>
        <h2>{say("stale.title")}</h2>
        <p>{say("stale.lead")}</p>
      </Notice>
    );
  }
  if (said === "too_many") {
    return (
      <Notice alert>
        <h2>{say("tooMany.title")}</h2>
        <p>{say("tooMany.lead")}</p>
      </Notice>
    );
  }
  if (typeof said === "string") {
    return (
      <Notice>
        <p>{say(`changed.${said}`)}</p>
      </Notice>
    );
  }
  const enrollment = reader.enrollments.find(({ enrollmentId }) => enrollmentId === said.enrollmentId);
  const was = JSON.parse(said.was) as Schedule;
  return (
    <Notice>
      <p>{say(SAID[said.kind] ?? "changed.slot")}</p>
      {enrollment === undefined ? null : (
        <BeforeAndNow
          was={(was.state as string) === "stopped" ? null : was}
          is={JSON.parse(said.became) as Schedule}
          lastAt={enrollment.lastAt}
          left={enrollment.lacking}
        />
      )}
      {isUndoable(reader, said) ? (
        <ReaderForm
          reader={reader}
          enrollmentId={said.enrollmentId}
          action={action}
          hidden={{ change: String(said.changeId) }}
        >
          <Button name="action" value="undo" quiet>
            {say(said.kind === "undo" ? "changed.redoButton" : "changed.undoButton")}
          </Button>
        </ReaderForm>
      ) : null}
    </Notice>
  );
}

const SAID: Readonly<Record<string, WordKey>> = {
  slot: "changed.slot",
  pause: "changed.pause",
  resume: "changed.resume",
  skip: "changed.skip",
  return: "changed.return",
  personal: "changed.personal",
  undo: "changed.undo",
  redo: "changed.redo",
};
