import { maskedAddress } from "../../../domain/people/address.ts";
import { LEAVE_REASONS } from "../../../domain/people/leave-reason.ts";
import { leftByOwnHand, mayReturn, RETURN_MS } from "../../../domain/sequences/leaving.ts";
import type { LetterView } from "../../../domain/sequences/queries/letter.ts";
import type { ReaderView } from "../../../domain/sequences/queries/reader.ts";
import { say, sayWith, type WordKey } from "../../../platform/texts/texts.ts";
import { inWords } from "../../ui/date.tsx";
import { ChoiceField } from "../../ui/field.tsx";
import { Button, Form } from "../../ui/form.tsx";
import { Notice } from "../../ui/notice.tsx";
import { MessagePage } from "../../ui/page.tsx";
import { ReaderForm } from "./reader-form.tsx";
import { WaysBack } from "./ways-back.tsx";

type UnsubscribePageProps = {
  readonly letter: LetterView;
  /** The path of the unsubscribe link. */
  readonly action: string;
};

/** What a press will stop, and the button. Opening it changes nothing, so mail scanners may. */
export function UnsubscribePage({ letter, action }: UnsubscribePageProps) {
  const { sequenceTitle: sequence } = letter;
  const address = maskedAddress(letter.address);
  return (
    <MessagePage
      title={say("unsubscribe.title")}
      lead={
        sequence === null
          ? say("unsubscribe.leadAll", { address })
          : say("unsubscribe.lead", { sequence, address })
      }
    >
      <Form action={action}>
        <Button name="scope" value="sequence">
          {say("unsubscribe.button")}
        </Button>
      </Form>
      <Everything letter={letter} action={action} />
    </MessagePage>
  );
}

/** What the last press on the page after leaving came to. */
export type Said = "why" | "why_too_late" | "too_late" | "too_many" | "again";

const SAID: Readonly<Record<Said, WordKey>> = {
  why: "why.thanks",
  why_too_late: "why.tooLate",
  too_late: "back.tooLate",
  too_many: "back.tooMany",
  again: "back.again",
};

/** What an address says of the last press; null where it says nothing known. */
export function readSaid(text: string | undefined): Said | null {
  return text !== undefined && Object.hasOwn(SAID, text) ? (text as Said) : null;
}

/** For a letter of somebody who was erased. */
export function ErasedLetterPage() {
  return <MessagePage title={say("unsubscribe.done")} lead={say("unsubscribe.erased")} />;
}

/** After unsubscribing: what stopped; then, for whoever likes, the rest, the ways back and the question why. */
export function UnsubscribedPage({
  letter,
  reader,
  underWay,
  action,
  preferencesPath,
  now,
  said,
}: UnsubscribePageProps & {
  readonly reader: ReaderView;
  /** The enrollments of which a letter is on its way at this moment. */
  readonly underWay: ReadonlySet<number>;
  readonly preferencesPath: string;
  readonly now: number;
  /** What the last press on this page came to. */
  readonly said: Said | null;
}) {
  const address = maskedAddress(letter.address);
  const { sequenceTitle: sequence } = letter;
  const enrollment = reader.enrollments.find(({ enrollmentId }) => enrollmentId === letter.enrollmentId);
  const justLeft = reader.enrollments.some((own) => leftByOwnHand(own, now));
  const oneStillComes = reader.enrollments.some(
    ({ enrollmentId, state }) => state !== "active" && underWay.has(enrollmentId),
  );
  const back = enrollment !== undefined && mayReturn(reader, enrollment, now) ? enrollment : null;
  return (
    <MessagePage
      title={say("unsubscribe.done")}
      lead={
        letter.others.length === 0 || sequence === null
          ? say("unsubscribe.nowAll", { address })
          : say("unsubscribe.now", { sequence, address })
      }
      done
    >
      {oneStillComes ? <p role="status">{say("standing.underWay")}</p> : null}
      {said === null ? null : (
        <Notice>
          <p>{say(SAID[said])}</p>
        </Notice>
      )}
      <Everything letter={letter} action={action} />
      {back === null ? null : (
        <section class="card" aria-labelledby="back-title">
          <h2 id="back-title">{say("back.title")}</h2>
          <p>
            {say("back.lead", {
              until: inWords((back.stopped?.at ?? 0) + RETURN_MS, back.timeZone),
            })}
          </p>
          <ReaderForm reader={reader} enrollmentId={back.enrollmentId} action={`${action}/after`}>
            <WaysBack enrollment={back} now={now} />
          </ReaderForm>
        </section>
      )}
      {said === "why" || !justLeft ? null : <Why action={action} />}
      <p>{sayWith("unsubscribe.again", { link: (inner) => <a href="/">{inner}</a> })}</p>
      <p>
        <a href={preferencesPath}>{say("unsubscribe.preferences")}</a>
      </p>
      <p>
        {sayWith("unsubscribe.erase", { link: (inner) => <a href={`${preferencesPath}/data`}>{inner}</a> })}
      </p>
    </MessagePage>
  );
}

function Why({ action }: { readonly action: string }) {
  return (
    <section class="card" aria-labelledby="why-title">
      <h2 id="why-title">{say("why.title")}</h2>
      <Form action={`${action}/after`} joined>
        <ChoiceField
          legend={say("why.lead")}
          name="reason"
          choices={LEAVE_REASONS.map((reason) => ({ value: reason, label: say(`why.${reason}`) }))}
          chosen={null}
          required
        />
        <Button name="action" value="why" quiet>
          {say("why.button")}
        </Button>
      </Form>
    </section>
  );
}

function Everything({ letter, action }: { readonly letter: LetterView; readonly action: string }) {
  if (letter.others.length === 0) return null;
  return (
    <Form action={action}>
      <p>{say("unsubscribe.still", { titles: letter.others.join(", ") })}</p>
      <Button name="scope" value="everything" quiet>
        {say("unsubscribe.everything")}
      </Button>
    </Form>
  );
}
