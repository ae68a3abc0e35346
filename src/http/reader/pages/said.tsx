import { effectOf } from "../../../domain/sequences/change-effect.ts";
import { isUndoable } from "../../../domain/sequences/change-reader.ts";
import type { ChangeView, EnrollmentView, ReaderView } from "../../../domain/sequences/queries/reader.ts";
import type { Schedule } from "../../../domain/sequences/schedule.ts";
import { Button } from "../../ui/form.tsx";
import { Notice } from "../../ui/notice.tsx";
import { say, type WordKey } from "../../ui/say.ts";
import { ReaderForm } from "./reader-form.tsx";
import { standingOf, tooSoonSaid } from "./standing.ts";

/** What the last press on a reader's page came to: a change, or what else. */
export type SaidOnPage = ChangeView | "nothing" | "broadcasts" | "no_broadcasts" | "stale" | "too_many";

/** What the last press came to, in one line: what's true now, with the button that takes it back. */
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
  return (
    <Notice>
      <p>{nowTrue(reader, enrollment, said)}</p>
      {isUndoable(reader, said) ? (
        <ReaderForm
          reader={reader}
          enrollmentId={said.enrollmentId}
          action={action}
          hidden={{ change: String(said.changeId) }}
          joined
        >
          <Button name="action" value="undo" plain>
            {say(said.kind === "undo" ? "changed.redoButton" : "changed.undoButton")}
          </Button>
        </ReaderForm>
      ) : null}
    </Notice>
  );
}

const SAID: Readonly<Record<string, WordKey>> = {
  slot: "changed.slot",
  resume: "changed.resume",
  skip: "changed.skip",
  return: "changed.return",
  personal: "changed.personal",
  undo: "changed.undo",
  redo: "changed.redo",
};

/** That it's changed, when the next letter comes, and whether the change moved nothing, or less than was asked for. */
function nowTrue(reader: ReaderView, enrollment: EnrollmentView | undefined, change: ChangeView): string {
  const sentences = [
    // Of a pause, the next sentence says it.
    change.kind === "pause" ? null : say(SAID[change.kind] ?? "changed.slot"),
    ...(enrollment === undefined ? [] : [standingOf(enrollment, reader), effectSaid(enrollment, change)]),
  ];
  return sentences.filter((sentence) => sentence !== null).join(" ");
}

function effectSaid({ lastAt }: EnrollmentView, { was, became, at }: ChangeView): string | null {
  // A letter has come since: what the change did to the one before it no longer matters.
  if (lastAt !== null && lastAt > at) return null;
  const before = JSON.parse(was) as Schedule | { readonly state: "stopped" };
  const is = { ...(JSON.parse(became) as Schedule), lastAt };
  const { same, tooSoon } = effectOf(before.state === "stopped" ? null : { ...before, lastAt }, is, at);
  if (same) return say("changed.same");
  return tooSoon === null ? null : tooSoonSaid(tooSoon, is);
}
