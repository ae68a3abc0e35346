import { clockTime, longDate } from "../calendar/wording.ts";
import { Page, type PageContext } from "../web/page.tsx";
import type { MailboxMessage, MessageLine } from "./queries.ts";

/** How many messages one page lists. */
export const LINES_SHOWN = 200;

type MailboxPageProps = {
  readonly context: PageContext;
  readonly lines: readonly MessageLine[];
  readonly count: number;
  readonly to: string | null;
  readonly open: MailboxMessage | null;
  readonly now: number;
  readonly timeZone: string;
};

/** The local inbox: all that was sent, one message open, and the buttons that skip ahead. */
export function MailboxPage(props: MailboxPageProps) {
  const { context, lines, count, to, open, now, timeZone } = props;
  return (
    <Page
      title={open === null ? "Mailbox" : `${open.subject} – Mailbox`}
      context={context}
      scripts={["/assets/mailbox.js"]}
      wide
    >
      <h1>Mailbox</h1>
      <p class="soft">
        Every message that would have been sent. The clock here says {longDate(now, timeZone)},{" "}
        {clockTime(now, timeZone)} ({timeZone}).
      </p>
      <SkipAhead to={to} />
      <FilterForm to={to} />
      {lines.length === 0 ? (
        <Empty to={to} />
      ) : (
        <div class="inbox">
          <nav aria-label="Messages">
            <p class="soft small">
              {count === lines.length
                ? `${count} ${count === 1 ? "message" : "messages"}`
                : `${lines.length} of ${count} messages`}
              , newest first
            </p>
            <ol>
              {lines.map((line) => (
                <li>
                  <a href={messageHref(line.id, to)} aria-current={line.id === open?.id ? "page" : undefined}>
                    <strong>{line.subject}</strong>
                    <span>{line.to}</span>
                    <span>
                      {line.kind} · {longDate(line.sentAt, timeZone)}, {clockTime(line.sentAt, timeZone)}
                    </span>
                  </a>
                </li>
              ))}
            </ol>
            {lines.length === LINES_SHOWN ? (
              <p>
                <a href={olderHref(lines.at(-1)?.id ?? 0, to)}>Older messages</a>
              </p>
            ) : null}
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
      <h2 id="skip-title">Skip ahead</h2>
      <p>Moves this mailbox's clock and sends all that falls due on the way.</p>
      <form method="post" action="/mailbox/advance" data-advance="">
        {to === null ? null : <input type="hidden" name="filter" value={to} />}
        <div class="row">
          <button type="submit" name="skip" value="week">
            Skip ahead one week
          </button>
          <button class="quiet" type="submit" name="skip" value="end">
            To the end
          </button>
        </div>
      </form>
      <div id="progress" role="status" hidden>
        <p>Working…</p>
        <progress max="1" aria-label="Progress" />
      </div>
    </section>
  );
}

function FilterForm({ to }: { readonly to: string | null }) {
  return (
    <form method="get" action="/mailbox" class="row">
      <div class="field">
        <label for="to">Only messages to</label>
        <input id="to" name="to" type="search" value={to ?? ""} autocapitalize="none" spellcheck={false} />
      </div>
      <div class="field">
        <button class="quiet" type="submit">
          Filter
        </button>
        {to === null ? null : (
          <>
            {" "}
            <a href="/mailbox">Show all</a>
          </>
        )}
      </div>
    </form>
  );
}

function Empty({ to }: { readonly to: string | null }) {
  return to === null ? (
    <p class="lead">
      Nothing has been sent yet. <a href="/">Sign up on the first page</a>, and the confirmation mail appears
      here.
    </p>
  ) : (
    <p class="lead">
      Nothing was sent to {to} so far. A mail takes a second or two:{" "}
      <a href={`/mailbox?to=${encodeURIComponent(to)}`}>look again</a>.
    </p>
  );
}

function Reading({ message }: { readonly message: MailboxMessage }) {
  return (
    <article class="reading" id="message" aria-label={message.subject}>
      <dl>
        <dt>Subject</dt>
        <dd>{message.subject}</dd>
        <dt>From</dt>
        <dd>{message.from}</dd>
        <dt>To</dt>
        <dd>{message.to}</dd>
      </dl>
      <fieldset class="views">
        <legend>Show as</legend>
        {["desktop", "phone", "dark"].map((view) => (
          <label>
            <input type="radio" name="view" value={view} checked={view === "desktop"} /> {view}
          </label>
        ))}
      </fieldset>
      <LetterFrame id={message.id} scheme="light" />
      <LetterFrame id={message.id} scheme="dark" />
      <details>
        <summary>Text part</summary>
        <pre tabindex={0}>{message.text}</pre>
      </details>
      <details>
        <summary>Headers</summary>
        <pre tabindex={0}>
          {[
            `Reply-To: ${message.replyTo}`,
            ...Object.entries(message.headers).map(([name, value]) => `${name}: ${value}`),
            ...message.tags.map((tag) => `Tag ${tag.name}: ${tag.value}`),
          ].join("\n")}
        </pre>
      </details>
    </article>
  );
}

/** Scripts and forms are off inside; links open in a new tab, outside the sandbox. */
function LetterFrame({ id, scheme }: { readonly id: number; readonly scheme: "light" | "dark" }) {
  return (
    <iframe
      class={`letter-frame ${scheme}`}
      title={scheme === "light" ? "The letter" : "The letter in dark mode"}
      src={`/mailbox/messages/${id}/letter?scheme=${scheme}`}
      sandbox="allow-popups allow-popups-to-escape-sandbox"
      loading="lazy"
    />
  );
}
