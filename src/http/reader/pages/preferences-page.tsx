import { maskedAddress } from "../../../domain/people/address.ts";
import type { ReaderView } from "../../../domain/sequences/queries/reader.ts";
import { Button, Form } from "../../ui/form.tsx";
import { Fault } from "../../ui/notice.tsx";
import { MessagePage, Page } from "../../ui/page.tsx";
import { say, sayWith } from "../../ui/say.ts";
import { AskForLink } from "./access-pages.tsx";
import { BetweenCard } from "./between.tsx";
import type { Typed } from "./card-props.ts";
import { EnrollmentCard } from "./enrollment-card.tsx";
import { Said, type SaidOnPage } from "./said.tsx";

export type PreferencesPageProps = {
  readonly reader: ReaderView;
  /** The enrollments, or broadcasts, of which a letter is on its way at this moment. */
  readonly underWay: ReadonlySet<number | "broadcasts">;
  /** The path of the page. */
  readonly action: string;
  readonly now: number;
  /** The change that the last press made, or what else it came to. */
  readonly said: SaidOnPage | null;
  readonly typed: Typed | null;
};

/**
 * The page behind a letter's link: the next letters, day, pause and skip, the letters so far, and the way out. Letters are forwarded, so
 * it shows nothing of the person; what does opens by a link that only their mailbox gets.
 */
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
      <BetweenCard reader={reader} action={action} underWay={props.underWay.has("broadcasts")} />
      <details>
        <summary>{say("access.title")}</summary>
        <AskForLink action={action} besideDates />
        <h2>{say("links.title")}</h2>
        <Form action={`${action}/links`} joined>
          <p>{say("links.lead")}</p>
          <Button quiet>{say("links.button")}</Button>
        </Form>
      </details>
    </Page>
  );
}

/** After a reader made older links stop, and so also this one. */
export function LinksStoppedPage() {
  return <MessagePage title={say("links.doneTitle")} lead={say("links.done")} done />;
}
