import type { PersonalData } from "../../../domain/privacy/personal-data.ts";
import type { ReaderView } from "../../../domain/sequences/queries/reader.ts";
import type { ReaderQuestion } from "../../../domain/sequences/question.ts";
import type { Config } from "../../../platform/config.ts";
import { dateOf } from "../../ui/date.tsx";
import { Button, Form } from "../../ui/form.tsx";
import { Fault } from "../../ui/notice.tsx";
import { Page } from "../../ui/page.tsx";
import { say, type WordKey } from "../../ui/say.ts";
import { Facts } from "../../ui/table.tsx";
import { BetweenCard, BetweenForm } from "./between.tsx";
import type { Typed } from "./card-props.ts";
import { DataRecord, event } from "./data-record.tsx";
import { reasonWord } from "./data-words.ts";
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

/** Everything that is stored about a reader: a summary, the file and the way to erase it first; the whole record, to read and print, folded. */
export function DataPage(props: DataPageProps) {
  const { data, reader, action, preferencesPath, said, typed, keep, now, contact, zone } = props;
  const { eventDays: events, changeDays: changes, networkDays: network } = keep;
  return (
    <Page title={say("data.title")}>
      <h1>{say("data.title")}</h1>
      <p class="lead">{say("data.lead", { date: dateOf(now, zone) })}</p>
      <Said reader={reader} action={action} said={said} />
      {typed?.fault?.field === "page" ? <Fault alert>{typed.fault.text}</Fault> : null}
      <Person data={data} reader={reader} zone={zone} />
      <div class="acts no-print">
        <a class="button" href={`${action}/my-letters.json`} download="">
          {say("data.download")}
        </a>
        <details>
          <summary class="button quiet">{say("erase.title")}</summary>
          <WhatIsErased contact={contact} />
          <Ask {...props} />
        </details>
      </div>
      <div class="no-print">
        <PersonalForm reader={reader} action={action} typed={typed} />
        {reader.broadcasts ? (
          <BetweenCard reader={reader} action={action} underWay={false} />
        ) : props.broadcasts === null || reader.suppression !== null || reader.state === "pending" ? null : (
          <section aria-labelledby="between-title">
            <h2 id="between-title">{say("between.title")}</h2>
            <BetweenForm action={action} value="start_broadcasts" wording={props.broadcasts} />
          </section>
        )}
      </div>
      <details>
        <summary>{say("data.record")}</summary>
        <DataRecord data={data} now={now} zone={zone} kindTitle={props.kindTitle} />
      </details>
      <details>
        <summary>{say("data.around")}</summary>
        <h2>{say("data.others")}</h2>
        <p>{say("data.othersText", { provider: props.provider })}</p>
        <h2>{say("data.kept")}</h2>
        <p>{say("data.keptText", { events, changes, network })}</p>
      </details>
      <p class="no-print">
        <a href={preferencesPath}>{say("data.back")}</a>
      </p>
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
