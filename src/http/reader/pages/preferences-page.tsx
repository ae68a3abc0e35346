import { maskedAddress } from "../../../domain/people/address.ts";
import { isUndoable } from "../../../domain/sequences/change-reader.ts";
import type { ChangeView, ReaderView } from "../../../domain/sequences/queries/reader.ts";
import type { Schedule } from "../../../domain/sequences/schedule.ts";
import { say, sayWith, type WordKey } from "../../../platform/texts/texts.ts";
import { Button } from "../../ui/form.tsx";
import { Fault, Notice } from "../../ui/notice.tsx";
import { MessagePage, Page } from "../../ui/page.tsx";
import type { Typed } from "./card-props.ts";
import { BeforeAndNow } from "./dates.tsx";
import { EnrollmentCard } from "./enrollment-card.tsx";
import { PersonalForm } from "./personal-form.tsx";
import { ReaderForm } from "./reader-form.tsx";

export type PreferencesPageProps = {
  readonly reader: ReaderView;
  /** The enrollments of which a letter is on its way at this moment. */
  readonly underWay: ReadonlySet<number>;
  /** The path of the page. */
  readonly action: string;
  readonly now: number;
  /** The change that the last press made, or what else it came to. */
  readonly said: ChangeView | "unsubscribed" | "nothing" | "stale" | "too_many" | null;
  readonly typed: Typed | null;
};

/** The subscriber's own page: the next letters, day, pause and skip, the letters so far, name and age, and the way out. */
export function PreferencesPage(props: PreferencesPageProps) {
  const { reader, action, typed } = props;
  if (reader.state === "erased") {
    return <MessagePage title={say("preferences.title")} lead={say("preferences.erased")} />;
  }
  return (
    <Page title={say("preferences.title")}>
      <h1>{say("preferences.title")}</h1>
      <p class="soft">{say("preferences.for", { address: maskedAddress(reader.address) })}</p>
      <Said {...props} />
      {typed?.fault?.field === "page" ? <Fault alert>{typed.fault.text}</Fault> : null}
      {reader.enrollments.length === 0 ? (
        <p>{sayWith("preferences.none", { link: (inner) => <a href="/">{inner}</a> })}</p>
      ) : (
        reader.enrollments.map((enrollment) => (
          <EnrollmentCard
            enrollment={enrollment}
            reader={reader}
            underWay={props.underWay.has(enrollment.enrollmentId)}
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
  if (said === "unsubscribed" || said === "nothing") {
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
