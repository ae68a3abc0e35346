import type { PersonalData } from "../../../domain/privacy/personal-data.ts";
import { hourName, weekdayName, zoneName } from "../../../platform/calendar/format.ts";
import { dateOf, inWords } from "../../ui/date.tsx";
import { letterState } from "../../ui/letter-state.ts";
import { Act } from "../../ui/proof-page.tsx";
import { say, type WordKey } from "../../ui/say.ts";
import { shown } from "../../ui/shown.ts";
import { reasonsGiven } from "../data-export.ts";
import { changeWord, feedbackWord, saidWord, stopWord } from "./data-words.ts";

type RecordProps = {
  readonly data: PersonalData;
  readonly now: number;
  /** The zone in which times are told. */
  readonly zone: string;
  /** How a letter of a kind is called that has no title of its own. */
  readonly kindTitle: (kind: string) => WordKey;
};

/** All that's on record about a reader, one list a subject; the proof of consent last. */
export function DataRecord(props: RecordProps) {
  const { data, now, zone } = props;
  const said = reasonsGiven(data);
  return (
    <>
      <h2>{say("data.sequences")}</h2>
      <Lines
        of={data.enrollments.map((row) =>
          say("data.sequenceLine", {
            title: row.title,
            state: say(`data.enrollment.${row.state}`),
            weekday: weekdayName(row.weekday, shown().language),
            hour: hourName(row.hour, shown().language, row.timeZone),
            zone: zoneName(row.timeZone, now),
            every: say("slot.everyWeeks", { weeks: row.everyWeeks }),
            date: dateOf(row.enrolledAt, zone),
          }),
        )}
      />
      <h2>{say("data.mail")}</h2>
      <Lines of={data.mail.letters.map((letter) => mailLine(letter, props))} />
      {data.mail.feedback.length === 0 ? null : (
        <>
          <h2>{say("data.reports")}</h2>
          <Lines
            of={data.mail.feedback.map(({ at, kind, reason }) => event(at, reported(kind, reason), zone))}
          />
        </>
      )}
      {data.changes.length === 0 ? null : (
        <>
          <h2>{say("data.changes")}</h2>
          <Lines of={data.changes.map(({ at, kind }) => event(at, changeWord(kind), zone))} />
        </>
      )}
      {data.mail.optOuts.length === 0 ? null : (
        <>
          <h2>{say("data.stops")}</h2>
          <Lines
            of={data.mail.optOuts.map(({ at, kind, reason }) => event(at, stopWord(kind, reason), zone))}
          />
        </>
      )}
      {said.length === 0 ? null : (
        <>
          <h2>{say("data.said")}</h2>
          <Lines of={said.map(({ at, said }) => event(at, saidWord(said), zone))} />
        </>
      )}
      {data.erasures.length === 0 ? null : (
        <>
          <h2>{say("data.erasures")}</h2>
          <Lines of={data.erasures.map(({ askedAt }) => event(askedAt, "", zone))} />
        </>
      )}
      <h2>{say("data.consent")}</h2>
      {data.consents.records.map((record) => (
        <Act record={record} level={3} zone={zone} />
      ))}
    </>
  );
}

function mailLine(letter: PersonalData["mail"]["letters"][number], props: RecordProps): string {
  const { data, zone, kindTitle } = props;
  const { kind, step, feedback } = letter;
  const state = letterState(letter.state);
  const title = (step === null ? undefined : data.titles.get(step)) ?? say(kindTitle(kind));
  const date = inWords(letter.settledAt ?? letter.slotAt, zone);
  return feedback === null
    ? say("data.mailLine", { date, title, state })
    : say("data.mailFeedback", { date, title, state, feedback: feedbackWord(feedback) });
}

/** What a mailbox reported of a letter, with what it wrote itself. */
function reported(kind: string, reason: string): string {
  const what = feedbackWord(kind);
  return reason === "" ? what : say("data.reported", { what, reason });
}

/** A moment of the record, and what happened then. */
export function event(atMs: number, what: string, zone: string): string {
  const date = inWords(atMs, zone);
  return what === "" ? date : say("data.eventLine", { date, what });
}

function Lines({ of }: { readonly of: readonly string[] }) {
  if (of.length === 0) return <p>{say("data.mailNone")}</p>;
  return (
    <ul>
      {of.map((line) => (
        <li>{line}</li>
      ))}
    </ul>
  );
}
