import { maskedAddress } from "../../../domain/people/address.ts";
import { isUndoable } from "../../../domain/sequences/change-reader.ts";
import type { ChangeView, ReaderView } from "../../../domain/sequences/queries/reader.ts";
import type { Schedule } from "../../../domain/sequences/schedule.ts";
import { say, sayWith, type WordKey } from "../../../platform/texts/texts.ts";
import { Page, type PageContext } from "../../ui/page.tsx";
import type { Typed } from "./card-props.ts";
import { BeforeAndNow } from "./dates.tsx";
import { EnrollmentCard } from "./enrollment-card.tsx";
import { Hidden } from "./hidden.tsx";
import { PersonalForm } from "./personal-form.tsx";

export type PreferencesPageProps = {
  readonly context: PageContext;
  readonly reader: ReaderView;
  /** The path of the page. */
  readonly action: string;
  readonly now: number;
  /** The change that the last press made, or what else it came to. */
  readonly said: ChangeView | "unsubscribed" | "nothing" | "stale" | null;
  readonly typed: Typed | null;
};

/** The subscriber's own page: the next letters, day, pause and skip, the letters so far, name and age, and the way out. */
export function PreferencesPage(props: PreferencesPageProps) {
  const { context, reader, action, typed } = props;
  if (reader.state === "erased") {
    return (
      <Page title={say("preferences.title")} context={context}>
        <h1>{say("preferences.title")}</h1>
        <p class="lead">{say("preferences.erased")}</p>
      </Page>
    );
  }
  return (
    <Page title={say("preferences.title")} context={context}>
      <h1>{say("preferences.title")}</h1>
      <p class="soft">{say("preferences.for", { address: maskedAddress(reader.address) })}</p>
      <Said {...props} />
      {typed?.fault?.field === "page" ? (
        <p class="error" role="alert">
          {typed.fault.text}
        </p>
      ) : null}
      {reader.enrollments.length === 0 ? (
        <p>{sayWith("preferences.none", { link: (inner) => <a href="/">{inner}</a> })}</p>
      ) : (
        reader.enrollments.map((enrollment) => (
          <EnrollmentCard
            enrollment={enrollment}
            reader={reader}
            action={action}
            now={props.now}
            typed={typed?.enrollmentId === enrollment.enrollmentId ? typed : null}
          />
        ))
      )}
      <PersonalForm reader={reader} action={action} typed={typed?.enrollmentId === null ? typed : null} />
      <p>
        <a href={`${action}/data`}>{say("preferences.data")}</a>
      </p>
      <p class="small soft">{say("preferences.onlyYours")}</p>
    </Page>
  );
}

/** What the last press came to, in dates before and after, with the button that takes it back. */
function Said({ reader, action, said }: PreferencesPageProps) {
  if (said === null) return null;
  if (said === "stale") {
    return (
      <div class="said" role="alert">
        <h2>{say("stale.title")}</h2>
        <p>{say("stale.lead")}</p>
      </div>
    );
  }
  if (said === "unsubscribed" || said === "nothing") {
    return (
      <p class="said" role="status">
        {say(`changed.${said}`)}
      </p>
    );
  }
  const enrollment = reader.enrollments.find(({ enrollmentId }) => enrollmentId === said.enrollmentId);
  const was = JSON.parse(said.was) as Schedule;
  return (
    <div class="said" role="status">
      <p>{say(SAID[said.kind] ?? "changed.slot")}</p>
      {enrollment === undefined ? null : (
        <BeforeAndNow
          was={(was.state as string) === "stopped" ? null : was}
          is={JSON.parse(said.became) as Schedule}
          left={enrollment.lacking}
        />
      )}
      {isUndoable(reader, said) ? (
        <form method="post" action={action}>
          <Hidden reader={reader} enrollmentId={said.enrollmentId} />
          <input type="hidden" name="change" value={String(said.changeId)} />
          <button class="quiet" type="submit" name="action" value="undo">
            {say(said.kind === "undo" ? "changed.redoButton" : "changed.undoButton")}
          </button>
        </form>
      ) : null}
    </div>
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
