import { timeZoneChoices } from "../calendar/time-zone.ts";
import { clockTime, hourName, longDate, WEEKDAY_CHOICES } from "../calendar/wording.ts";
import { maskedAddress } from "../subscribers/address.ts";
import { Page, type PageContext } from "../web/page.tsx";
import type { EnrollmentView, ReaderView } from "./queries.ts";

/** What the last press of a button did, or why it did nothing. */
export const SAID = {
  slot: "Saved. The date below is the new one.",
  pause: "Paused. No letters until you resume.",
  resume: "Welcome back. You carry on where you left off.",
  unsubscribe: "Unsubscribed. No more of these letters will come.",
  nothing: "Nothing was changed: these letters are stopped or finished.",
} as const;
export type SaidKey = keyof typeof SAID;

type PreferencesPageProps = {
  readonly context: PageContext;
  readonly reader: ReaderView;
  readonly action: string;
  readonly said: SaidKey | null;
  readonly fault: string | null;
};

/** The subscriber's own page: next letter, day, hour and zone, pause and resume, unsubscribe. */
export function PreferencesPage({ context, reader, action, said, fault }: PreferencesPageProps) {
  return (
    <Page title="Your letters" context={context}>
      <h1>Your letters</h1>
      <p class="soft">For {maskedAddress(reader.address)}</p>
      {said === null ? null : (
        <p class="said" role="status">
          {SAID[said]}
        </p>
      )}
      {fault === null ? null : (
        <p class="error" role="alert">
          {fault}
        </p>
      )}
      {reader.enrollments.length === 0 ? (
        <p>
          You are not signed up for any letters. You can start on <a href="/">our first page</a>.
        </p>
      ) : (
        reader.enrollments.map((enrollment) => <Enrollment enrollment={enrollment} action={action} />)
      )}
    </Page>
  );
}

function Enrollment({
  enrollment,
  action,
}: {
  readonly enrollment: EnrollmentView;
  readonly action: string;
}) {
  const id = String(enrollment.enrollmentId);
  const goesOn = (enrollment.state === "active" || enrollment.state === "paused") && enrollment.lacking > 0;
  return (
    <section class="card" aria-labelledby={`title-${id}`}>
      <h2 id={`title-${id}`}>{enrollment.sequenceTitle}</h2>
      <p>{standing(enrollment)}</p>
      {goesOn ? <SlotForm enrollment={enrollment} action={action} /> : null}
      {goesOn ? (
        <div class="row">
          <ActionForm
            id={id}
            action={action}
            name={enrollment.state === "paused" ? "resume" : "pause"}
            label={enrollment.state === "paused" ? "Resume" : "Pause until I resume"}
          />
          <ActionForm id={id} action={action} name="unsubscribe" label="Unsubscribe" />
        </div>
      ) : null}
    </section>
  );
}

function standing(enrollment: EnrollmentView): string {
  switch (enrollment.state) {
    case "active":
      if (enrollment.lacking === 0) return "You have had all the letters.";
      return enrollment.nextDueAt === null
        ? "Your next letter is being prepared."
        : `Your next letter comes on ${longDate(enrollment.nextDueAt, enrollment.timeZone)} at ${clockTime(enrollment.nextDueAt, enrollment.timeZone)} (${enrollment.timeZone}).`;
    case "paused":
      return "Paused: no letters until you resume. You will carry on where you left off.";
    case "stopped":
      return "Unsubscribed. To start again, sign up once more on our first page.";
    case "completed":
      return "You have had all the letters.";
  }
}

function SlotForm({ enrollment, action }: { readonly enrollment: EnrollmentView; readonly action: string }) {
  const id = String(enrollment.enrollmentId);
  return (
    <form method="post" action={action}>
      <input type="hidden" name="enrollment" value={id} />
      <input type="hidden" name="action" value="slot" />
      <div class="row">
        <div class="field">
          <label for={`weekday-${id}`}>Weekday</label>
          <select id={`weekday-${id}`} name="weekday">
            {WEEKDAY_CHOICES.map((choice) => (
              <option value={String(choice.number)} selected={choice.number === enrollment.weekday}>
                {choice.name}
              </option>
            ))}
          </select>
        </div>
        <div class="field">
          <label for={`hour-${id}`}>Hour</label>
          <select id={`hour-${id}`} name="hour">
            {Array.from({ length: 24 }, (_, hour) => (
              <option value={String(hour)} selected={hour === enrollment.hour}>
                {hourName(hour)}
              </option>
            ))}
          </select>
        </div>
      </div>
      <div class="field">
        <label for={`zone-${id}`}>Time zone</label>
        <select id={`zone-${id}`} name="time_zone">
          {timeZoneChoices(enrollment.timeZone).map((zone) => (
            <option value={zone} selected={zone === enrollment.timeZone}>
              {zone.replaceAll("_", " ")}
            </option>
          ))}
        </select>
      </div>
      <p>
        <button type="submit">Save day, hour and time zone</button>
      </p>
    </form>
  );
}

function ActionForm(props: {
  readonly id: string;
  readonly action: string;
  readonly name: string;
  readonly label: string;
}) {
  return (
    <form method="post" action={props.action}>
      <input type="hidden" name="enrollment" value={props.id} />
      <button class="quiet" type="submit" name="action" value={props.name}>
        {props.label}
      </button>
    </form>
  );
}
