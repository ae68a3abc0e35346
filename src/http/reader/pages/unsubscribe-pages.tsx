import { maskedAddress } from "../../../domain/people/address.ts";
import { LEAVE_REASONS } from "../../../domain/people/leave-reason.ts";
import { leftByOwnHand, mayReturn, RETURN_MS } from "../../../domain/sequences/leaving.ts";
import type { LetterView } from "../../../domain/sequences/queries/letter.ts";
import type { ReaderView } from "../../../domain/sequences/queries/reader.ts";
import { say, sayWith, type WordKey } from "../../../platform/texts/texts.ts";
import { MessagePage, type PageContext } from "../../ui/page.tsx";
import { moment } from "./dates.tsx";
import { Hidden } from "./hidden.tsx";
import { WaysBack } from "./ways-back.tsx";

type UnsubscribePageProps = {
  readonly context: PageContext;
  readonly letter: LetterView;
  /** The path of the unsubscribe link. */
  readonly action: string;
};

/** What a press will stop, and the button. Opening it changes nothing, so mail scanners may. */
export function UnsubscribePage({ context, letter, action }: UnsubscribePageProps) {
  const { sequenceTitle: sequence } = letter;
  const address = maskedAddress(letter.address);
  return (
    <MessagePage title={say("unsubscribe.title")} context={context}>
      <p class="lead">
        {sequence === null
          ? say("unsubscribe.leadAll", { address })
          : say("unsubscribe.lead", { sequence, address })}
      </p>
      <form method="post" action={action}>
        <button type="submit" name="scope" value="sequence">
          {say("unsubscribe.button")}
        </button>
      </form>
      <Everything letter={letter} action={action} />
    </MessagePage>
  );
}

/** What the last press on the page after leaving came to. */
export type Said = "why" | "why_too_late" | "too_late" | "again";

const SAID: Readonly<Record<Said, WordKey>> = {
  why: "why.thanks",
  why_too_late: "why.tooLate",
  too_late: "back.tooLate",
  again: "back.again",
};

/** What an address says of the last press; null where it says nothing known. */
export function readSaid(text: string | undefined): Said | null {
  return text !== undefined && Object.hasOwn(SAID, text) ? (text as Said) : null;
}

/** For a letter of somebody who was erased. */
export function ErasedLetterPage({ context }: { readonly context: PageContext }) {
  return (
    <MessagePage title={say("unsubscribe.done")} context={context}>
      <p class="lead">{say("unsubscribe.erased")}</p>
    </MessagePage>
  );
}

/** After unsubscribing: what stopped; then, for whoever likes, the rest, the ways back and the question why. */
export function UnsubscribedPage({
  context,
  letter,
  reader,
  action,
  preferencesPath,
  now,
  said,
}: UnsubscribePageProps & {
  readonly reader: ReaderView;
  readonly preferencesPath: string;
  readonly now: number;
  /** What the last press on this page came to. */
  readonly said: Said | null;
}) {
  const address = maskedAddress(letter.address);
  const { sequenceTitle: sequence } = letter;
  const enrollment = reader.enrollments.find(({ enrollmentId }) => enrollmentId === letter.enrollmentId);
  const justLeft = reader.enrollments.some((own) => leftByOwnHand(own, now));
  const back = enrollment !== undefined && mayReturn(reader, enrollment, now) ? enrollment : null;
  return (
    <MessagePage title={say("unsubscribe.done")} context={context}>
      <p class="lead" role="status">
        {letter.others.length === 0 || sequence === null
          ? say("unsubscribe.nowAll", { address })
          : say("unsubscribe.now", { sequence, address })}
      </p>
      {said === null ? null : (
        <p class="said" role="status">
          {say(SAID[said])}
        </p>
      )}
      <Everything letter={letter} action={action} />
      {back === null ? null : (
        <section class="card" aria-labelledby="back-title">
          <h2 id="back-title">{say("back.title")}</h2>
          <p>
            {say("back.lead", {
              until: say("standing.line", moment((back.stopped?.at ?? 0) + RETURN_MS, back.timeZone)),
            })}
          </p>
          <form method="post" action={`${action}/after`}>
            <Hidden reader={reader} enrollmentId={back.enrollmentId} />
            <WaysBack enrollment={back} now={now} />
          </form>
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
    <form class="card" method="post" action={`${action}/after`}>
      <fieldset>
        <legend>
          {say("why.title")} <span class="hint">{say("why.lead")}</span>
        </legend>
        {LEAVE_REASONS.map((reason) => (
          <label class="option">
            <input type="radio" name="reason" value={reason} required />
            <span>{say(`why.${reason}`)}</span>
          </label>
        ))}
      </fieldset>
      <button class="quiet" type="submit" name="action" value="why">
        {say("why.button")}
      </button>
    </form>
  );
}

function Everything({ letter, action }: { readonly letter: LetterView; readonly action: string }) {
  if (letter.others.length === 0) return null;
  return (
    <form method="post" action={action}>
      <p>{say("unsubscribe.still", { titles: letter.others.join(", ") })}</p>
      <button class="quiet" type="submit" name="scope" value="everything">
        {say("unsubscribe.everything")}
      </button>
    </form>
  );
}
