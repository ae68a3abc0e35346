import { changedSchedule, comesAt } from "../../../domain/sequences/schedule.ts";
import { dateOf, moment } from "../../ui/date.tsx";
import { Button } from "../../ui/form.tsx";
import { say, sayWith } from "../../ui/say.ts";
import type { CardProps } from "./card-props.ts";
import { Dates, titlesOf } from "./dates.tsx";
import { PauseForm } from "./pause-form.tsx";
import { ReaderForm } from "./reader-form.tsx";
import { SlotForm } from "./slot-form.tsx";

/** One sequence of a reader: where it stands, and all that can be done about it. */
export function EnrollmentCard(props: CardProps) {
  const { enrollment, reader, underWay, action } = props;
  const { enrollmentId, state, lacking } = enrollment;
  const living = state === "active" || state === "paused";
  const goesOn = living && lacking > 0;
  return (
    <section class="card" aria-labelledby={`title-${enrollmentId}`}>
      <h2 id={`title-${enrollmentId}`} lang={enrollment.language} dir="auto">
        {enrollment.sequenceTitle}
      </h2>
      <Standing enrollment={enrollment} reader={reader} />
      {underWay ? <p>{say("standing.underWay")}</p> : null}
      {goesOn ? <Upcoming {...props} /> : null}
      {goesOn ? <SlotForm {...props} /> : null}
      {goesOn ? <PauseForm {...props} /> : null}
      <Letters enrollment={enrollment} action={action} />
      {enrollment.canLeave ? (
        <ReaderForm reader={reader} enrollmentId={enrollmentId} action={action}>
          <Button name="action" value="unsubscribe" quiet>
            {say("leave.button")}
          </Button>
        </ReaderForm>
      ) : null}
    </section>
  );
}

function Standing({ enrollment, reader }: Pick<CardProps, "enrollment" | "reader">) {
  const { state, lacking, timeZone, pauseUntil } = enrollment;
  const comes = comesAt(enrollment);
  const home = { link: (inner: unknown) => <a href="/">{inner}</a> };
  switch (state) {
    case "active":
      if (lacking === 0) return <AllHad enrollment={enrollment} />;
      if (reader.suppression !== null) return <p>{say("standing.suspended")}</p>;
      if (enrollment.heldUp === "open_letter") return <p>{say("standing.heldUp")}</p>;
      if (comes === null || enrollment.heldUp === "draft") return <p>{say("standing.preparing")}</p>;
      return <p>{say("standing.next", moment(comes, timeZone))}</p>;
    case "paused":
      return (
        <p>
          {comes === null || pauseUntil === null
            ? say("standing.paused")
            : say("standing.pausedUntil", {
                ...moment(comes, timeZone),
                until: dateOf(Date.parse(`${pauseUntil}T12:00Z`), "UTC"),
              })}
        </p>
      );
    case "stopped":
      return <p>{sayWith("standing.stopped", home)}</p>;
    case "completed":
      return <AllHad enrollment={enrollment} />;
  }
}

/** The end of a sequence, and what's offered after it. */
function AllHad({ enrollment: { offers } }: Pick<CardProps, "enrollment">) {
  return (
    <>
      <p>{say("standing.all")}</p>
      {offers === null ? null : (
        <p>
          {sayWith(
            "standing.offer",
            { link: (inner) => <a href={`/s/${offers.slug}`}>{inner}</a> },
            { title: offers.title },
          )}
        </p>
      )}
    </>
  );
}

/** The next three letters, and the button that skips the first. */
function Upcoming({ enrollment, reader, action, now }: CardProps) {
  const { nextDueAt, timeZone, lacking, state } = enrollment;
  const comes = comesAt(enrollment);
  // No dates where it is known that they will not come true.
  if (reader.suppression !== null || enrollment.heldUp !== null) return null;
  if (comes === null) return null;
  const skipped =
    nextDueAt === null ? null : changedSchedule(enrollment, { kind: "skip", dueAt: nextDueAt }, now);
  return (
    <>
      <h3>{say(state === "paused" ? "standing.upcomingPaused" : "standing.upcoming")}</h3>
      <Dates
        schedule={enrollment}
        left={lacking}
        titles={titlesOf(enrollment)}
        language={enrollment.language}
      />
      {nextDueAt === null || skipped?.nextDueAt == null ? null : (
        <ReaderForm
          reader={reader}
          enrollmentId={enrollment.enrollmentId}
          action={action}
          hidden={{ due: String(nextDueAt) }}
          joined
        >
          <Button name="action" value="skip" quiet>
            {say("skip.button", { date: dateOf(comes, timeZone) })}
          </Button>
          <span class="hint">{say("skip.hint", { date: dateOf(skipped.nextDueAt, timeZone) })}</span>
        </ReaderForm>
      )}
    </>
  );
}

/** What was sent, to read again, and what is still to come. */
function Letters({ enrollment, action }: Pick<CardProps, "enrollment" | "action">) {
  const { received, ahead, timeZone, enrollmentId } = enrollment;
  return (
    <>
      <details>
        <summary>{say("received.title")}</summary>
        {received.length === 0 ? (
          <p>{say("received.none")}</p>
        ) : (
          <ol>
            {received.map(({ title, slotAt, renditionId, online }) => (
              <li>
                {sayWith(
                  "received.line",
                  {
                    link: (inner) =>
                      online ? (
                        <a
                          href={`${action}/letters/${enrollmentId}/${renditionId}`}
                          lang={enrollment.language}
                        >
                          {inner}
                        </a>
                      ) : (
                        <span lang={enrollment.language}>{inner}</span>
                      ),
                    soft: (inner) => <span class="soft">{inner}</span>,
                  },
                  { title, date: dateOf(slotAt, timeZone) },
                )}
              </li>
            ))}
          </ol>
        )}
      </details>
      <details>
        <summary>{say("ahead.title")}</summary>
        {ahead.length === 0 ? (
          <p>{say("ahead.none")}</p>
        ) : (
          <ol start={received.length + 1}>
            {ahead.map((title) => (
              <li lang={enrollment.language}>{title}</li>
            ))}
          </ol>
        )}
      </details>
    </>
  );
}
