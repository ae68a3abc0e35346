import { maskedAddress } from "../../../domain/people/address.ts";
import { LEAVE_REASONS } from "../../../domain/people/leave-reason.ts";
import { leftByOwnHand, mayReturn } from "../../../domain/sequences/leaving.ts";
import type { LetterView } from "../../../domain/sequences/queries/letter.ts";
import type { ReaderView } from "../../../domain/sequences/queries/reader.ts";
import { comesAt } from "../../../domain/sequences/schedule.ts";
import { moment } from "../../ui/date.tsx";
import { ChoiceField } from "../../ui/field.tsx";
import { Button, Form } from "../../ui/form.tsx";
import { Notice } from "../../ui/notice.tsx";
import { MessagePage } from "../../ui/page.tsx";
import { say, sayWith, type WordKey } from "../../ui/say.ts";
import { YourData } from "./access-pages.tsx";
import { BetweenForm } from "./between.tsx";
import { ReaderForm } from "./reader-form.tsx";
import { Everything } from "./unsubscribe-pages.tsx";
import { WaysBack } from "./ways-back.tsx";

/** What the last press on the page after leaving came to. */
export type Said = "why" | "why_too_late" | "too_late" | "too_many" | "again" | "kept";

const SAID: Readonly<Record<Said, WordKey>> = {
  why: "why.thanks",
  why_too_late: "why.tooLate",
  too_late: "back.tooLate",
  too_many: "back.tooMany",
  again: "back.again",
  kept: "changed.broadcasts",
};

/** What an address says of the last press; null where it says nothing known. */
export function readSaid(text: string | undefined): Said | null {
  return text !== undefined && Object.hasOwn(SAID, text) ? (text as Said) : null;
}

/** After unsubscribing: what stopped; then Undo and, folded, all else that they may want. */
export function LeftPage({
  letter,
  reader,
  underWay,
  wording,
  action,
  back,
  now,
  said,
}: {
  readonly letter: LetterView;
  readonly reader: ReaderView;
  /** The enrollments, or broadcasts, of which a letter is on its way at this moment. */
  readonly underWay: ReadonlySet<number | "broadcasts">;
  /** What keeping the letters in between agrees to. */
  readonly wording: string;
  /** The path of the page. */
  readonly action: string;
  /** The path of the ways back and of the question why; null when it may not have been the reader who left. */
  readonly back: string | null;
  readonly now: number;
  /** What the last press on this page came to. */
  readonly said: Said | null;
}) {
  const address = maskedAddress(letter.address);
  const { sequenceTitle: sequence } = letter;
  const enrollment = reader.enrollments.find(({ enrollmentId }) => enrollmentId === letter.enrollmentId);
  const justLeft = reader.enrollments.some((own) => leftByOwnHand(own, now));
  const oneStillComes =
    (!reader.broadcasts && underWay.has("broadcasts")) ||
    reader.enrollments.some(({ enrollmentId, state }) => state !== "active" && underWay.has(enrollmentId));
  const leftMore = reader.enrollments.some((own) => own !== enrollment && leftByOwnHand(own, now));
  const returnable = enrollment !== undefined && mayReturn(reader, enrollment, now);
  return (
    <MessagePage
      title={say("unsubscribe.done")}
      lead={
        (letter.others.length === 0 && !letter.broadcasts) || sequence === null
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
      <Everything letter={letter} action={back ?? action} />
      {back === null || !returnable ? null : (
        <ReaderForm reader={reader} enrollmentId={enrollment.enrollmentId} action={back} joined>
          <WaysBack enrollment={enrollment} others={leftMore} now={now} />
        </ReaderForm>
      )}
      {said === "why" || !justLeft || back === null ? null : <Why action={back} />}
      {back === null || !reader.lostBroadcasts || reader.suppression !== null ? null : (
        <details>
          <summary>{say("between.keep")}</summary>
          <BetweenForm action={back} value="keep_broadcasts" wording={wording} />
        </details>
      )}
      <YourData action={action} />
      <p>{sayWith("unsubscribe.again", { link: (inner) => <a href="/">{inner}</a> })}</p>
    </MessagePage>
  );
}

/** After a way back: that the letters come again, and when. */
export function BackPage({ letter, reader }: { readonly letter: LetterView; readonly reader: ReaderView }) {
  const enrollment = reader.enrollments.find(({ enrollmentId }) => enrollmentId === letter.enrollmentId);
  const comes = enrollment === undefined ? null : comesAt(enrollment);
  return (
    <MessagePage title={say("back.doneTitle")} lead={say("changed.return")} done>
      {enrollment === undefined || comes === null ? null : (
        <p>{say("confirmed.next", moment(comes, enrollment.timeZone))}</p>
      )}
      <p>{say("back.doneHint")}</p>
    </MessagePage>
  );
}

function Why({ action }: { readonly action: string }) {
  return (
    <details>
      <summary>{say("why.title")}</summary>
      <Form action={action} joined>
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
    </details>
  );
}
