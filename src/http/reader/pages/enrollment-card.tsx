import { changedSchedule } from "../../../domain/sequences/schedule.ts";
import { dateOf } from "../../ui/date.tsx";
import { Button } from "../../ui/form.tsx";
import { say, sayWith } from "../../ui/say.ts";
import type { CardProps } from "./card-props.ts";
import { titlesOf } from "./dates.tsx";
import { Ahead, Shelf } from "./letters.tsx";
import { PauseForm } from "./pause-form.tsx";
import { ReaderForm } from "./reader-form.tsx";
import { SlotForm } from "./slot-form.tsx";
import { datesHold, standingOf } from "./standing.ts";

/** One sequence of a reader: the next letter with Skip and Pause, the letters so far, when they come, and the way out. */
export function EnrollmentCard(props: CardProps) {
  const { enrollment, reader, underWay, action } = props;
  const { enrollmentId, state, lacking } = enrollment;
  const goesOn = (state === "active" || state === "paused") && lacking > 0;
  return (
    <section class="card" aria-labelledby={`title-${enrollmentId}`}>
      <h2 id={`title-${enrollmentId}`} lang={enrollment.language} dir="auto">
        {enrollment.sequenceTitle}
      </h2>
      <Next {...props} />
      {underWay ? <p>{say("standing.underWay")}</p> : null}
      {goesOn ? (
        <div class="acts">
          <Skip {...props} />
          <PauseForm {...props} />
        </div>
      ) : null}
      <Shelf enrollment={enrollment} action={action} open={!goesOn} />
      {goesOn ? <Ahead enrollment={enrollment} dated={datesHold(props)} /> : null}
      {goesOn ? <SlotForm {...props} /> : null}
      {enrollment.canLeave ? (
        <ReaderForm reader={reader} enrollmentId={enrollmentId} action={action} joined>
          <Button name="action" value="unsubscribe" plain>
            {say("leave.button")}
          </Button>
        </ReaderForm>
      ) : null}
    </section>
  );
}

/** The next letter, and when it comes; or why none does, and what there is instead. */
function Next(props: CardProps) {
  const { enrollment } = props;
  const finished =
    enrollment.state === "completed" ||
    (enrollment.state === "active" && enrollment.lacking === 0 && enrollment.heldUp !== "open_letter");
  if (finished) return <AllHad enrollment={enrollment} />;
  if (enrollment.state === "stopped") {
    const home = { link: (inner: unknown) => <a href="/">{inner}</a> };
    return <p>{sayWith("standing.stopped", home)}</p>;
  }
  const [title] = datesHold(props) ? titlesOf(enrollment) : [];
  return (
    <p class="next">
      {title === undefined ? null : (
        <strong lang={enrollment.language} dir="auto">
          {title}
        </strong>
      )}
      {standingOf(enrollment, props.reader)}
    </p>
  );
}

/** The end of a sequence, and what's offered after it. */
function AllHad({ enrollment: { offers } }: Pick<CardProps, "enrollment">) {
  return (
    <>
      <p>{say("standing.all")}</p>
      {offers === null ? null : (
        <p>
          <a class="button" href={`/s/${offers.slug}`}>
            {say("standing.offer", { title: offers.title })}
          </a>
        </p>
      )}
    </>
  );
}

/** The button that skips the next letter, with the date that it then comes. */
function Skip(props: CardProps) {
  const { enrollment, reader, action, now } = props;
  const { nextDueAt, timeZone } = enrollment;
  if (nextDueAt === null || !datesHold(props)) return null;
  const then = changedSchedule(enrollment, { kind: "skip", dueAt: nextDueAt }, now)?.nextDueAt ?? null;
  if (then === null) return null;
  return (
    <ReaderForm
      reader={reader}
      enrollmentId={enrollment.enrollmentId}
      action={action}
      hidden={{ due: String(nextDueAt) }}
      joined
    >
      <Button name="action" value="skip" quiet>
        {say("skip.button")}
      </Button>
      <span class="hint">{say("skip.hint", { date: dateOf(then, timeZone) })}</span>
    </ReaderForm>
  );
}
