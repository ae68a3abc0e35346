import { maskedAddress } from "../../../domain/people/address.ts";
import { Button, Form } from "../../ui/form.tsx";
import { MessagePage } from "../../ui/page.tsx";
import { say, sayWith, type WordKey } from "../../ui/say.ts";

/**
 * The offer to mail the link to a reader's own page. `action` is the path of the page that it stands on; on the page with their dates it
 * says why the rest isn't there.
 */
export function AskForLink({
  action,
  besideDates,
}: {
  readonly action: string;
  readonly besideDates?: true;
}) {
  return (
    <Form action={`${action}/link`} joined>
      <p>{say(besideDates === true ? "access.lead" : "access.offer")}</p>
      <Button quiet>{say("access.button")}</Button>
    </Form>
  );
}

/** The same offer, folded, on a page about something else. */
export function YourData({ action }: { readonly action: string }) {
  return (
    <details>
      <summary>{say("access.short")}</summary>
      <AskForLink action={action} />
    </details>
  );
}

const ASKED = { access: "access.asked", erase: "erase.asked" } as const satisfies Record<string, WordKey>;
const TODAY = { access: "access.today", erase: "erase.asked" } as const satisfies Record<string, WordKey>;

/** Mails that a reader may ask for on a page: the link to their own page, and the one that erases them. */
export type Mail = keyof typeof ASKED;

const TITLES = { access: "access.title", erase: "erase.title" } as const satisfies Record<Mail, WordKey>;

/** Why one isn't sent. */
type Why = "unmailable" | "tooMany" | "notReady";

const NOT_SENT: Readonly<Record<Mail, Readonly<Record<Why, WordKey>>>> = {
  access: {
    unmailable: "access.unmailable",
    tooMany: "access.tooMany",
    notReady: "access.notReady",
  },
  erase: { unmailable: "erase.unmailable", tooMany: "erase.tooMany", notReady: "erase.notReady" },
};

/** After asking for one of these mails, whether it goes out now or did today already. */
export function AskedPage({
  mail,
  address,
  today,
}: {
  readonly mail: Mail;
  readonly address: string;
  readonly today?: true;
}) {
  return (
    <MessagePage
      title={say("access.askedTitle")}
      lead={say((today === true ? TODAY : ASKED)[mail], { address: maskedAddress(address) })}
      done
    />
  );
}

/** Where it can't be sent: to a suppressed address never, or not at the moment. */
export function NotSentPage({
  mail,
  contact,
  why,
}: {
  readonly mail: Mail;
  readonly contact: string;
  readonly why: Why;
}) {
  return (
    <MessagePage
      title={say(TITLES[mail])}
      lead={sayWith(
        NOT_SENT[mail][why],
        { link: (inner: unknown) => <a href={`mailto:${contact}`}>{inner}</a> },
        { contact },
      )}
    />
  );
}

/** Behind the mailed link, once its hour is over. */
export function AccessExpiredPage({ action }: { readonly action: string }) {
  return (
    <MessagePage title={say("access.expiredTitle")} lead={say("access.expired")}>
      <AskForLink action={action} />
    </MessagePage>
  );
}
