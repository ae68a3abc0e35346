import type { MailboxMessage, MessageLine } from "../../platform/providers/mailbox-queries.ts";
import { say, sayWith } from "../../platform/texts/texts.ts";
import { ASSETS } from "../ui/assets.ts";
import { moment } from "../ui/date.tsx";
import { Field, Row } from "../ui/field.tsx";
import { Button, Form, SearchForm } from "../ui/form.tsx";
import { LetterViews } from "../ui/letter-frame.tsx";
import { Page } from "../ui/page.tsx";
import { Facts, Pager } from "../ui/table.tsx";

/** How many messages one page lists. */
export const LINES_SHOWN = 200;

type MailboxPageProps = {
  readonly lines: readonly MessageLine[];
  readonly count: number;
  readonly to: string | null;
  readonly open: MailboxMessage | null;
  readonly now: number;
  readonly timeZone: string;
};

/** The local inbox: all that was sent, one message open, and the buttons that skip ahead. */
export function MailboxPage(props: MailboxPageProps) {
  const { lines, count, to, open, now, timeZone } = props;
  return (
    <Page
      title={open === null ? say("mailbox.title") : say("mailbox.openTitle", { subject: open.subject })}
      scripts={[ASSETS["mailbox.js"]]}
      wide
    >
      <h1>{say("mailbox.title")}</h1>
      <p class="soft">{say("mailbox.lead", moment(now, timeZone))}</p>
      <SkipAhead to={to} />
      <FilterForm to={to} />
      {lines.length === 0 ? (
        <Empty to={to} />
      ) : (
        <div class="inbox">
          <nav aria-label={say("mailbox.messages")}>
            <p class="soft small">
              {count === lines.length
                ? say("mailbox.count", { count })
                : say("mailbox.countOf", { shown: lines.length, count })}
            </p>
            <ol>
              {lines.map((line) => (
                <li>
                  <a href={messageHref(line.id, to)} aria-current={line.id === open?.id ? "page" : undefined}>
                    <strong>{line.subject}</strong>
                    <span>{line.to}</span>
                    <span>{say("mailbox.line", { kind: line.kind, ...moment(line.sentAt, timeZone) })}</span>
                  </a>
                </li>
              ))}
            </ol>
            <Pager next={lines.length === LINES_SHOWN ? olderHref(lines.at(-1)?.id ?? 0, to) : null}>
              {say("mailbox.older")}
            </Pager>
          </nav>
          {open === null ? null : <Reading message={open} />}
        </div>
      )}
    </Page>
  );
}

function messageHref(id: number, to: string | null): string {
  const query = new URLSearchParams({ message: String(id), ...(to === null ? {} : { to }) });
  return `/mailbox?${query.toString()}#message`;
}

function olderHref(before: number, to: string | null): string {
  const query = new URLSearchParams({ before: String(before), ...(to === null ? {} : { to }) });
  return `/mailbox?${query.toString()}`;
}

function SkipAhead({ to }: { readonly to: string | null }) {
  return (
    <section class="card" aria-labelledby="skip-title">
      <h2 id="skip-title">{say("mailbox.skip")}</h2>
      <p>{say("mailbox.skipLead")}</p>
      <Form action="/mailbox/advance" hidden={to === null ? {} : { filter: to }} script="advance">
        <Row>
          <Button name="skip" value="week">
            {say("mailbox.skipWeek")}
          </Button>
          <Button name="skip" value="end" quiet>
            {say("mailbox.skipEnd")}
          </Button>
        </Row>
      </Form>
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
    </section>
  );
}

/** What the script says after each week, with its places left for the script to fill; `count` chooses the plural. */
function soFar(count: number): string {
  return say("mailbox.soFar", { count, week: "{week}", date: "{date}", letters: "{letters}" });
}

function FilterForm({ to }: { readonly to: string | null }) {
  return (
    <SearchForm action="/mailbox">
      <Field
        id="to"
        label={say("mailbox.filter")}
        name="to"
        value={to ?? ""}
        attributes={{ type: "search", autocapitalize: "none", spellcheck: "false" }}
      />
      <div class="field">
        <Button quiet>{say("mailbox.filterButton")}</Button>
        {to === null ? null : (
          <>
            {" "}
            <a href="/mailbox">{say("mailbox.showAll")}</a>
          </>
        )}
      </div>
    </SearchForm>
  );
}

function Empty({ to }: { readonly to: string | null }) {
  return to === null ? (
    <p class="lead">{sayWith("mailbox.empty", { link: (inner) => <a href="/">{inner}</a> })}</p>
  ) : (
    <p class="lead">
      {sayWith(
        "mailbox.emptyTo",
        { link: (inner) => <a href={`/mailbox?to=${encodeURIComponent(to)}`}>{inner}</a> },
        { address: to },
      )}
    </p>
  );
}

function Reading({ message }: { readonly message: MailboxMessage }) {
  return (
    <article class="reading" id="message" aria-label={message.subject}>
      <Facts
        of={[
          [say("mailbox.subject"), message.subject],
          [say("mailbox.from"), message.from],
          [say("mailbox.to"), message.to],
        ]}
      />
      <p>
        <a class="button quiet" href={`/mailbox/messages/${message.id}.eml`} download>
          {say("mailbox.download")}
        </a>
      </p>
      <LetterViews src={`/mailbox/messages/${message.id}/letter`} />
      <details>
        <summary>{say("mailbox.text")}</summary>
        <pre tabindex={0}>{message.text}</pre>
      </details>
      <details>
        <summary>{say("mailbox.headers")}</summary>
        <pre tabindex={0}>
          {[
            `Reply-To: ${message.replyTo}`,
            ...Object.entries(message.headers).map(([name, value]) => `${name}: ${value}`),
            ...message.tags.map((tag) => say("mailbox.tag", { name: tag.name, value: tag.value })),
          ].join("\n")}
        </pre>
      </details>
    </article>
  );
}
