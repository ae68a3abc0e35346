import type { MailboxMessage, MessageLine } from "../../platform/providers/mailbox-queries.ts";
import { say, sayWith } from "../../platform/texts/texts.ts";
import { ASSETS } from "../ui/assets.ts";
import { moment } from "../ui/date.tsx";
import { Button, Form, SearchForm } from "../ui/form.tsx";
import { Page } from "../ui/page.tsx";
import { Pager } from "../ui/table.tsx";
import { Reading } from "./reading.tsx";

/** How many messages one page lists. */
export const LINES_SHOWN = 200;

type MailboxPageProps = {
  readonly lines: readonly MessageLine[];
  readonly count: number;
  /** What is searched for; null for all. */
  readonly q: string | null;
  readonly open: MailboxMessage | null;
  /** Of the newest message of all; 0 for none. */
  readonly newest: number;
  readonly now: number;
  readonly timeZone: string;
};

/** The local inbox: the clock and what moves it on top, below it the messages beside the one that's open. */
export function MailboxPage(props: MailboxPageProps) {
  const { lines, q, open, newest } = props;
  return (
    <Page
      title={open === null ? say("mailbox.title") : say("mailbox.openTitle", { subject: open.subject })}
      scripts={[ASSETS["mailbox.js"]]}
      full
    >
      <Bar {...props} />
      <div class="inbox" id="inbox" data-newest={String(newest)} data-open={String(open?.id ?? "")}>
        {lines.length === 0 ? <Empty q={q} /> : <Messages {...props} />}
        {open === null ? null : <Reading message={open} />}
      </div>
    </Page>
  );
}

/** The clock, what moves it, the search, and starting over. */
function Bar({ now, timeZone, q }: MailboxPageProps) {
  return (
    <header class="bar">
      <h1>{say("mailbox.title")}</h1>
      <p>
        <span class="soft">{say("mailbox.clock")}</span>{" "}
        <strong>{say("mailbox.lead", moment(now, timeZone))}</strong>
      </p>
      <Form action="/mailbox/advance" hidden={q === null ? {} : { q }} script="advance" joined>
        <Button name="skip" value="week">
          {say("mailbox.skipWeek")}
        </Button>{" "}
        <Button name="skip" value="end" quiet>
          {say("mailbox.skipEnd")}
        </Button>
      </Form>
      <SearchForm action="/mailbox">
        <input
          type="search"
          name="q"
          value={q ?? ""}
          aria-label={say("mailbox.filter")}
          placeholder={say("mailbox.filter")}
          autocapitalize="none"
          spellcheck={false}
        />
        <Button quiet>{say("mailbox.filterButton")}</Button>
      </SearchForm>
      <a href="/mailbox/start-over">{say("mailbox.over")}</a>
      <div
        id="progress"
        role="status"
        data-one={soFar(1)}
        data-other={soFar(2)}
        data-failed={say("mailbox.failed", { reason: "{reason}" })}
        data-silent={say("mailbox.silent")}
        hidden
      >
        <p>{say("mailbox.working")}</p>
        <progress max="1" aria-label={say("mailbox.progress")} />
      </div>
    </header>
  );
}

/** What the script says after each week, with its places left for the script to fill; `count` chooses the plural. */
function soFar(count: number): string {
  return say("mailbox.soFar", { count, week: "{week}", date: "{date}", letters: "{letters}" });
}

function Messages({ lines, count, q, open, timeZone }: MailboxPageProps) {
  return (
    <nav aria-label={say("mailbox.messages")} id="messages" tabindex={-1}>
      <p class="soft small" id="count" role="status">
        {count === lines.length
          ? say("mailbox.count", { count })
          : say("mailbox.countOf", { shown: lines.length, count })}
        {q === null ? null : (
          <>
            {" · "}
            <a href="/mailbox">{say("mailbox.showAll")}</a>
          </>
        )}
      </p>
      <ol>
        {lines.map((line) => (
          <li>
            <a
              href={href({ message: String(line.id) }, q)}
              aria-current={line.id === open?.id ? "page" : undefined}
            >
              <strong>{line.subject}</strong>
              <span>
                {say("mailbox.line", { to: line.to, kind: line.kind, ...moment(line.sentAt, timeZone) })}
              </span>
            </a>
          </li>
        ))}
      </ol>
      <Pager
        next={
          lines.length === LINES_SHOWN && lines.length < count
            ? href({ before: String(lines.at(-1)?.id ?? 0) }, q)
            : null
        }
      >
        {say("mailbox.older")}
      </Pager>
    </nav>
  );
}

function href(of: Readonly<Record<string, string>>, q: string | null): string {
  return `/mailbox?${new URLSearchParams({ ...of, ...(q === null ? {} : { q }) }).toString()}`;
}

function Empty({ q }: { readonly q: string | null }) {
  return q === null ? (
    <p class="lead">{sayWith("mailbox.empty", { link: (inner) => <a href="/">{inner}</a> })}</p>
  ) : (
    <p class="lead">
      {sayWith(
        "mailbox.emptyTo",
        { link: (inner) => <a href={`/mailbox?q=${encodeURIComponent(q)}`}>{inner}</a> },
        { q },
      )}
    </p>
  );
}
