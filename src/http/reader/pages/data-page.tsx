import type { PersonalData } from "../../../domain/privacy/personal-data.ts";
import type { ReaderView } from "../../../domain/sequences/queries/reader.ts";
import type { ReaderQuestion } from "../../../domain/sequences/question.ts";
import { hourName, weekdayName, zoneName } from "../../../platform/calendar/format.ts";
import type { Config } from "../../../platform/config.ts";
import { dateOf, inWords } from "../../ui/date.tsx";
import { Button, Form } from "../../ui/form.tsx";
import { letterState } from "../../ui/letter-state.ts";
import { Fault } from "../../ui/notice.tsx";
import { Page } from "../../ui/page.tsx";
import { Act } from "../../ui/proof-page.tsx";
import { say, type WordKey } from "../../ui/say.ts";
import { shown } from "../../ui/shown.ts";
import { Facts } from "../../ui/table.tsx";
import { reasonsGiven } from "../data-export.ts";
import { BetweenCard, BetweenForm } from "./between.tsx";
import type { Typed } from "./card-props.ts";
import { changeWord, feedbackWord, reasonWord, saidWord, stopWord } from "./data-words.ts";
import { WhatIsErased } from "./erase-pages.tsx";
import { PersonalForm } from "./personal-form.tsx";
import { Said, type SaidOnPage } from "./said.tsx";

type DataPageProps = {
  readonly data: PersonalData;
  readonly reader: ReaderView;
  /** The path of the page. */
  readonly action: string;
  readonly preferencesPath: string;
  /** What switching broadcasts on agrees to; null where the site sends none. */
  readonly broadcasts: string | null;
  readonly said: SaidOnPage | null;
  readonly typed: Typed | null;
  readonly keep: Config["keep"];
  readonly provider: Config["provider"]["kind"];
  readonly now: number;
  /** Whether the link that erases can be mailed. */
  readonly mailable: boolean;
  readonly contact: string;
  /** How a letter of a kind is called that has no title of its own. */
  readonly kindTitle: (kind: string) => WordKey;
  /** The zone in which the page tells times. */
  readonly zone: string;
};

/** Everything that is stored about a reader, readable and to print, with the proof of consent and the way to erase it. */
export function DataPage(props: DataPageProps) {
  const { data, reader, action, preferencesPath, said: pressed, typed, keep, now, contact, zone } = props;
  const said = reasonsGiven(data);
  const { eventDays: events, changeDays: changes, networkDays: network } = keep;
  return (
    <Page title={say("data.title")}>
      <h1>{say("data.title")}</h1>
      <p class="lead">{say("data.lead", { date: dateOf(now, zone) })}</p>
      <Said reader={reader} action={action} said={pressed} />
      {typed?.fault?.field === "page" ? <Fault alert>{typed.fault.text}</Fault> : null}
      <div class="no-print">
        <PersonalForm reader={reader} action={action} typed={typed} />
        {reader.broadcasts ? (
          <BetweenCard reader={reader} action={action} underWay={false} />
        ) : props.broadcasts === null || reader.suppression !== null || reader.state === "pending" ? null : (
          <BetweenForm action={action} value="start_broadcasts" wording={props.broadcasts} />
        )}
      </div>
      <p class="no-print">
        <a href={`${action}/my-letters.json`} download="">
          {say("data.download")}
        </a>
        {" · "}
        <a href={preferencesPath}>{say("data.back")}</a>
      </p>
      <Person data={data} reader={reader} zone={zone} />
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
            of={data.mail.feedback.map(({ at, kind, reason }) =>
              event(at, `${feedbackWord(kind)}: ${reason}`, zone),
            )}
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
        <Act record={record} level={3} />
      ))}
      <h2>{say("data.others")}</h2>
      <p>{say("data.othersText", { provider: props.provider })}</p>
      <h2>{say("data.kept")}</h2>
      <p>{say("data.keptText", { events, changes, network })}</p>
      <section class="card no-print" aria-labelledby="erase-title">
        <h2 id="erase-title">{say("erase.title")}</h2>
        <WhatIsErased contact={contact} />
        <Ask {...props} />
      </section>
    </Page>
  );
}

function Ask({ data, action, mailable }: DataPageProps) {
  if (!mailable) return null;
  return (
    <Form action={`${action}/erase`}>
      <p>{say("erase.lead", { address: data.consents.address })}</p>
      <Button quiet>{say("erase.ask")}</Button>
    </Form>
  );
}

function answerOf({ choices }: ReaderQuestion, answer: string): string {
  return choices.find(({ block }) => block === answer)?.label ?? say("data.nothing");
}

function Person({ data, reader, zone }: Pick<DataPageProps, "data" | "reader" | "zone">) {
  const { person, consents, mail } = data;
  const when = (at: number | null) => (at === null ? say("data.nothing") : event(at, "", zone));
  const rows: ReadonlyArray<readonly [string, string]> = [
    [say("data.address"), consents.address],
    [say("data.name"), person.firstName === "" ? say("data.nothing") : person.firstName],
    ...reader.enrollments.flatMap(({ question, answer }) =>
      question === null ? [] : [[question.name, answerOf(question, answer)] as const],
    ),
    [say("data.state"), say(`data.person.${consents.state}`)],
    [say("data.since"), when(person.createdAt)],
    [say("data.confirmedAt"), when(person.confirmedAt)],
    [say("between.title"), say(reader.broadcasts ? "data.yes" : "data.no")],
  ];
  const { suppression, suppressedAt } = mail.person;
  const suppressed =
    suppression === null
      ? null
      : ([
          say("data.suppressed"),
          say("data.suppressedLine", {
            reason: reasonWord(suppression),
            date: dateOf(suppressedAt ?? 0, zone),
          }),
        ] as const);
  return (
    <>
      <h2>{say("data.person")}</h2>
      <Facts of={[...rows, suppressed]} />
    </>
  );
}

function mailLine(letter: PersonalData["mail"]["letters"][number], props: DataPageProps): string {
  const { data, zone, kindTitle } = props;
  const { kind, step, feedback } = letter;
  const state = letterState(letter.state);
  const title = (step === null ? undefined : data.titles.get(step)) ?? say(kindTitle(kind));
  const date = inWords(letter.settledAt ?? letter.slotAt, zone);
  return feedback === null
    ? say("data.mailLine", { date, title, state })
    : say("data.mailFeedback", { date, title, state, feedback: feedbackWord(feedback) });
}

function event(atMs: number, what: string, zone: string): string {
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
