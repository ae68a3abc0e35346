import type { Enrolled } from "../../domain/sequences/queries/enroll.ts";
import type { ReaderView } from "../../domain/sequences/queries/reader.ts";
import { comesAt } from "../../domain/sequences/schedule.ts";
import type { Stop } from "../../domain/signup/judge-post.ts";
import type { ConsentView } from "../../domain/signup/queries/confirm-consent.ts";
import { hourName, inSoLong, weekdayName, zoneName } from "../../platform/calendar/format.ts";
import { LABELS, type Language } from "../../platform/texts/labels.ts";
import { say as sayIn } from "../../platform/texts/texts.ts";
import { AskForLink } from "../reader/pages/access-pages.tsx";
import { ReaderForm } from "../reader/pages/reader-form.tsx";
import { dateOf, moment } from "../ui/date.tsx";
import { Button, Buttons, Form } from "../ui/form.tsx";
import { MessagePage } from "../ui/page.tsx";
import { say, sayWith, type WordKey } from "../ui/say.ts";
import { shown } from "../ui/shown.ts";
import { WordingText } from "../ui/sign-up-form.tsx";

type ConsentPageProps = { readonly consent: ConsentView };

/** Before confirming: what it starts and when, and the button. Opening it changes nothing. */
export function ConfirmPage({
  consent,
  enrolled,
  action,
}: ConsentPageProps & { readonly enrolled: Enrolled; readonly action: string }) {
  const { slot, everyWeeks, nextDueAt, atOnce } = enrolled;
  return (
    <MessagePage title={say("confirm.title")}>
      <p class="lead">
        {say("confirm.lead", {
          sequence: consent.sequenceTitle,
          weeks: everyWeeks,
          weekday: weekdayName(slot.weekday, shown().language),
          hour: hourName(slot.hour, shown().language, slot.timeZone),
          zone: zoneName(slot.timeZone, nextDueAt),
        })}
      </p>
      <p>
        {atOnce === null
          ? say("confirm.next", { date: dateOf(nextDueAt, slot.timeZone) })
          : say("confirm.atOnce", { date: dateOf(atOnce.nextDueAt, slot.timeZone) })}
      </p>
      <Form action={action}>
        <Button>{say("confirm.button")}</Button>
      </Form>
      <Deny action={action} />
    </MessagePage>
  );
}

/** For people who did not sign up: the sign-up is deleted, and counts against where it came from. */
function Deny({ action }: { readonly action: string }) {
  return (
    <details>
      <summary>{say("confirm.notYou")}</summary>
      <Form action={`${action}/deny`}>
        <p class="soft small">{say("confirm.unasked")}</p>
        <Button quiet>{say("deny.button")}</Button>
      </Form>
    </details>
  );
}

/** For the link of a person who was erased since. */
export function ErasedConsentPage() {
  return <MessagePage title={say("erase.doneTitle")} lead={say("erase.done")}></MessagePage>;
}

/** After the answer that it was not them, and at every later visit. */
export function DeniedPage() {
  return <MessagePage title={say("deny.title")} lead={say("deny.done")} done />;
}

/** For an hour: who has just confirmed, the page with everything of theirs, and the first letter where anyone may read it. */
export type JustConfirmed = {
  readonly reader: ReaderView;
  readonly dataPath: string;
  readonly first: { readonly title: string; readonly href: string } | null;
};

/** After confirming, and at every later visit: where the person stands now. */
export function ConfirmedPage({
  consent,
  begun,
  action,
  preferencesPath,
  own,
}: ConsentPageProps & {
  /** Whether a letter comes at once by the press that this page answers. */
  readonly begun: boolean;
  /** The path of the page. */
  readonly action: string;
  /** The page with their dates; null where this link is over, and one is mailed on request. */
  readonly preferencesPath: string | null;
  /** What can be done now by who has just confirmed; null for anyone else. */
  readonly own: JustConfirmed | null;
}) {
  const { enrollment } = consent;
  const comes = enrollment === null ? null : comesAt({ ...enrollment, resumeAt: null });
  return (
    <MessagePage title={say("confirmed.title")}>
      {enrollment?.state === "active" && comes !== null ? (
        <p class="lead">
          {say(begun ? "confirmed.begun" : "confirmed.next", moment(comes, enrollment.timeZone))}
        </p>
      ) : (
        <p class="lead">{say(STANDING[enrollment?.state ?? "stopped"])}</p>
      )}
      {preferencesPath === null ? (
        <AskForLink action={action} />
      ) : enrollment?.state === "active" || enrollment?.state === "paused" ? (
        <>
          <p>
            <a href={preferencesPath}>{say("confirmed.change")}</a>
          </p>
          {own === null ? null : <Now own={own} enrollmentId={enrollment.enrollmentId} />}
        </>
      ) : (
        <p>
          <a href="/">{say("page.toFirst")}</a>
        </p>
      )}
    </MessagePage>
  );
}

/** The first letter to read, and the question of its sequence as buttons. */
function Now({
  own: { reader, dataPath, first },
  enrollmentId,
}: {
  readonly own: JustConfirmed;
  readonly enrollmentId: number;
}) {
  const asked = reader.enrollments.find((each) => each.enrollmentId === enrollmentId);
  const question = asked?.answer === "" ? asked.question : null;
  return (
    <>
      {first === null ? null : (
        <p>
          <a class="button" href={first.href}>
            {say("confirmed.read", { title: first.title })}
          </a>
        </p>
      )}
      {question === null ? null : (
        <section class="card" aria-labelledby="question-title">
          <h2 id="question-title">{question.text}</h2>
          {question.hint === "" ? null : <p class="soft small">{question.hint}</p>}
          <ReaderForm
            reader={reader}
            enrollmentId={null}
            action={dataPath}
            hidden={{ action: "personal", first_name: reader.firstName }}
            joined
          >
            <Buttons>
              {question.choices.map(({ block, label }) => (
                <Button name={`answer_${enrollmentId}`} value={block} quiet>
                  {label}
                </Button>
              ))}
            </Buttons>
          </ReaderForm>
        </section>
      )}
      <p>{sayWith("confirmed.data", { link: (inner) => <a href={dataPath}>{inner}</a> })}</p>
    </>
  );
}

const STANDING = {
  active: "confirmed.active",
  paused: "confirmed.paused",
  stopped: "confirmed.stopped",
  completed: "confirmed.completed",
} as const satisfies Record<string, WordKey>;

/** A link that is past its seven days: offers a fresh one, which again goes to the mailbox only. */
export function ExpiredPage({ consent, action }: ConsentPageProps & { readonly action: string }) {
  return (
    <MessagePage title={say("expired.title")} lead={say("expired.lead")}>
      <Form action={action}>
        <WordingText wording={{ text: consent.wordingText, locale: consent.locale }} />
        <Button>{say("expired.button")}</Button>
      </Form>
      <Deny action={action} />
    </MessagePage>
  );
}

/** For the forms of a partner whose forms are switched off. */
export function FrozenPage() {
  return (
    <MessagePage title={say("closed.title")}>
      <p class="lead">{LABELS[shown().language].closed}</p>
    </MessagePage>
  );
}

/** For a sign-up that was one too many from its network, through its form, or of all. */
export function StoppedPage({ stop }: { readonly stop: Told }) {
  return <MessagePage title={say("stopped.title")} lead={stoppedText(stop, shown().language)} />;
}

/** What is used up, and after how long it's worth another try. */
export type Told = Pick<Stop, "by"> & { readonly afterMs: number };

/** The same as a sentence, which says when to try again. */
export function stoppedText({ by, afterMs }: Told, language: Language): string {
  const when = inSoLong(afterMs, language);
  return sayIn(by === "network" ? "stopped.network" : "stopped.busy", { when }, language);
}

/** For a form whose key nobody has (any more), or that stands on a site it does not belong to. */
export function DisconnectedFormPage() {
  return (
    <MessagePage title={say("disconnected.title")} lead={say("disconnected.lead")}>
      <p>{sayWith("disconnected.instead", { link: (inner) => <a href="/">{inner}</a> })}</p>
    </MessagePage>
  );
}

/** While the owner recovers the database: nothing was taken, nothing is lost. */
export function ClosedPage() {
  return (
    <MessagePage title={say("closed.title")} lead={say("closed.lead")}>
      <p>{say("closed.link")}</p>
    </MessagePage>
  );
}

/** After pressing, where the address may not be mailed any more: a complaint came from there, or the owner was asked. */
export function NotConfirmedPage({ contact }: { readonly contact: string }) {
  return (
    <MessagePage title={say("notConfirmed.title")} lead={say("notConfirmed.lead")}>
      <p>
        {sayWith(
          "notConfirmed.contact",
          { link: (inner) => <a href={`mailto:${contact}`}>{inner}</a> },
          { contact },
        )}
      </p>
    </MessagePage>
  );
}
