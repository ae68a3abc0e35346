import { maskedAddress } from "../../../domain/people/address.ts";
import { say, sayWith } from "../../../platform/texts/texts.ts";
import { MessagePage, type PageContext } from "../../ui/page.tsx";

type Props = { readonly context: PageContext };

/** What goes, what stays, and that it is for good. */
export function WhatIsErased({ contact }: { readonly contact: string }) {
  return (
    <>
      <p>{say("erase.goes")}</p>
      <p>{say("erase.stays")}</p>
      <p>{sayWith("erase.forever", { link: mailTo(contact) }, { contact })}</p>
    </>
  );
}

/** After asking for the link, whether one went out today or not. */
export function EraseAskedPage({ context, address }: Props & { readonly address: string }) {
  return (
    <MessagePage title={say("erase.askedTitle")} context={context}>
      <p class="lead">{say("erase.asked", { address: maskedAddress(address) })}</p>
    </MessagePage>
  );
}

/** Where no link can be sent: to a suppressed address never, or not at the moment. */
export function EraseNotSentPage({
  context,
  contact,
  why,
}: Props & { readonly contact: string; readonly why: "unmailable" | "tooMany" | "notReady" }) {
  return (
    <MessagePage title={say("erase.title")} context={context}>
      <p class="lead">{sayWith(`erase.${why}`, { link: mailTo(contact) }, { contact })}</p>
    </MessagePage>
  );
}

/** Behind the mailed link: the button. Opening it changes nothing. */
export function ErasePage({
  context,
  address,
  action,
  contact,
}: Props & { readonly address: string; readonly action: string; readonly contact: string }) {
  return (
    <MessagePage title={say("erase.confirmTitle")} context={context}>
      <p class="lead">{say("erase.confirmLead", { address: maskedAddress(address) })}</p>
      <WhatIsErased contact={contact} />
      <form method="post" action={action}>
        <button type="submit">{say("erase.confirmButton")}</button>
      </form>
    </MessagePage>
  );
}

/** After the press, and at every later visit. */
export function ErasedPage({ context, waiting }: Props & { readonly waiting: boolean }) {
  return (
    <MessagePage title={say(waiting ? "erase.waitingTitle" : "erase.doneTitle")} context={context}>
      <p class="lead" role="status">
        {say(waiting ? "erase.waiting" : "erase.done")}
      </p>
    </MessagePage>
  );
}

/** A link that was not used in time. */
export function EraseExpiredPage({ context }: Props) {
  return (
    <MessagePage title={say("erase.expiredTitle")} context={context}>
      <p class="lead">{say("erase.expired")}</p>
    </MessagePage>
  );
}

function mailTo(contact: string) {
  return (inner: unknown) => <a href={`mailto:${contact}`}>{inner}</a>;
}
