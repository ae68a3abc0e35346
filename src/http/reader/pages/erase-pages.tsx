import { maskedAddress } from "../../../domain/people/address.ts";
import { Button, Form } from "../../ui/form.tsx";
import { MessagePage } from "../../ui/page.tsx";
import { say, sayWith } from "../../ui/say.ts";

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

/** Behind the mailed link: the button. Opening it changes nothing. */
export function ErasePage({
  address,
  action,
  contact,
}: {
  readonly address: string;
  readonly action: string;
  readonly contact: string;
}) {
  return (
    <MessagePage
      title={say("erase.confirmTitle")}
      lead={say("erase.confirmLead", { address: maskedAddress(address) })}
    >
      <WhatIsErased contact={contact} />
      <Form action={action}>
        <Button>{say("erase.confirmButton")}</Button>
      </Form>
    </MessagePage>
  );
}

/** After the press, and at every later visit. */
export function ErasedPage({ waiting }: { readonly waiting: boolean }) {
  return (
    <MessagePage
      title={say(waiting ? "erase.waitingTitle" : "erase.doneTitle")}
      lead={say(waiting ? "erase.waiting" : "erase.done")}
      done
    />
  );
}

/** A link that was not used in time. */
export function EraseExpiredPage() {
  return <MessagePage title={say("erase.expiredTitle")} lead={say("erase.expired")} />;
}

function mailTo(contact: string) {
  return (inner: unknown) => <a href={`mailto:${contact}`}>{inner}</a>;
}
