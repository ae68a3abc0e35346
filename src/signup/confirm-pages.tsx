import type { Slot } from "../calendar/slot.ts";
import { clockTime, hourName, longDate, weekdayName } from "../calendar/wording.ts";
import { directionOf, LABELS, type Language } from "../partners/labels.ts";
import { MessagePage, type PageContext } from "../web/page.tsx";
import { PAGE_WORDS } from "./page-words.ts";
import type { ConsentView } from "./queries.ts";

type ConsentPageProps = { readonly context: PageContext; readonly consent: ConsentView };

/** Before confirming: what it starts and when, and the button. Opening it changes nothing. */
export function ConfirmPage({
  context,
  consent,
  slot,
  nextDueAt,
  action,
}: ConsentPageProps & { readonly slot: Slot; readonly nextDueAt: number; readonly action: string }) {
  return (
    <MessagePage title="One press and you are in" context={context}>
      <p class="lead">
        “{consent.sequenceTitle}” brings you one letter a week, on {weekdayName(slot.weekday)}s at{" "}
        {hourName(slot.hour)} ({slot.timeZone}).
      </p>
      <p>
        If you confirm now, your next weekly letter comes on {longDate(nextDueAt, slot.timeZone)}. Day, hour
        and time zone can be changed afterwards.
      </p>
      <form method="post" action={action}>
        <button type="submit">Confirm my sign-up</button>
      </form>
      <p class="soft small">If you did not ask for this, just close the page. Nothing will be sent.</p>
    </MessagePage>
  );
}

/** After confirming, and at every later visit: where the person stands now. */
export function ConfirmedPage({
  context,
  consent,
  preferencesUrl,
}: ConsentPageProps & { readonly preferencesUrl: string }) {
  const { enrollment } = consent;
  return (
    <MessagePage title="Your sign-up is confirmed" context={context}>
      {enrollment?.state === "active" && enrollment.nextDueAt !== null ? (
        <p class="lead">
          Your next letter comes on {longDate(enrollment.nextDueAt, enrollment.timeZone)} at{" "}
          {clockTime(enrollment.nextDueAt, enrollment.timeZone)} ({enrollment.timeZone}).
        </p>
      ) : (
        <p class="lead">{STANDING[enrollment?.state ?? "stopped"]}</p>
      )}
      {enrollment?.state === "active" || enrollment?.state === "paused" ? (
        <p>
          <a class="button" href={preferencesUrl}>
            Change the day, the hour or the time zone
          </a>
        </p>
      ) : (
        <p>
          <a href="/">Go to the first page</a>
        </p>
      )}
    </MessagePage>
  );
}

const STANDING = {
  active: "Your letters are on their way.",
  paused: "Your letters are paused at the moment.",
  stopped: "You have unsubscribed since. To start again, sign up once more on our home page.",
  completed: "You have had all the letters of this sequence.",
} as const;

/** A link that is past its seven days: offers a fresh one, which again goes to the mailbox only. */
export function ExpiredPage({ context, consent, action }: ConsentPageProps & { readonly action: string }) {
  return (
    <MessagePage title="This link is more than seven days old" context={context}>
      <p class="lead">
        Confirmation links stop working after a week, so that an old email cannot start anything.
      </p>
      <form method="post" action={action}>
        <p class="small soft" lang={consent.locale} dir="auto">
          “{consent.wordingText}”
        </p>
        <button type="submit">Send me a new link</button>
      </form>
    </MessagePage>
  );
}

/** After a sign-up, whatever the state of the address, in the language of the form. */
export function CheckYourInboxPage({
  context,
  language,
}: {
  readonly context: PageContext;
  readonly language: Language;
}) {
  const words = PAGE_WORDS[language];
  return (
    <MessagePage
      title={words.inboxTitle}
      context={context}
      language={language}
      direction={directionOf(language)}
    >
      <p class="lead">{LABELS[language].taken}</p>
      <p>{words.inboxHint}</p>
    </MessagePage>
  );
}

/** For the forms of a partner whose forms are switched off. */
export function FrozenPage({
  context,
  language,
}: {
  readonly context: PageContext;
  readonly language: Language;
}) {
  return (
    <MessagePage
      title={PAGE_WORDS[language].closedTitle}
      context={context}
      language={language}
      direction={directionOf(language)}
    >
      <p class="lead">{LABELS[language].closed}</p>
    </MessagePage>
  );
}

/** For a form whose key nobody has (any more), or that stands on a site it does not belong to. */
export function DisconnectedFormPage({ context }: { readonly context: PageContext }) {
  return (
    <MessagePage title="This form is not connected" context={context}>
      <p class="lead">
        The site that you come from may not use this form, or its form is out of date. Nothing was stored.
      </p>
      <p>
        You can sign up on <a href="/">our own page</a> instead.
      </p>
    </MessagePage>
  );
}

/** While the owner recovers the database: nothing was taken, nothing is lost. */
export function ClosedPage({ context }: { readonly context: PageContext }) {
  return (
    <MessagePage title="Closed for the moment" context={context}>
      <p class="lead">
        We are putting something right and take no sign-ups just now. Please try again in an hour or two.
      </p>
      <p>If you came by a link, keep the email: it works again then.</p>
    </MessagePage>
  );
}

/** After pressing, where the address may not be mailed any more: somebody there complained, or the owner was asked. */
export function NotConfirmedPage({
  context,
  contact,
}: {
  readonly context: PageContext;
  readonly contact: string;
}) {
  return (
    <MessagePage title="We could not confirm this" context={context}>
      <p class="lead">We have been asked not to write to this address, so nothing was started.</p>
      <p>
        If that was a mistake, write to <a href={`mailto:${contact}`}>{contact}</a>, and we put it right.
      </p>
    </MessagePage>
  );
}
