import { say } from "../../platform/texts/texts.ts";
import { ASSETS } from "../ui/assets.ts";
import { Button, Buttons, Form } from "../ui/form.tsx";
import { MessagePage, Page } from "../ui/page.tsx";

/** What starting the trial over removes, and the button. */
export function StartOverPage() {
  return (
    <MessagePage title={say("mailbox.overTitle")} lead={say("mailbox.overLead")}>
      <Form action="/mailbox/start-over" joined>
        <Buttons>
          <Button name="over" value="yes">
            {say("mailbox.overYes")}
          </Button>
          <a class="button quiet" href="/mailbox">
            {say("mailbox.overNo")}
          </a>
        </Buttons>
      </Form>
    </MessagePage>
  );
}

/** While the trial is made anew: leads to the mailbox once it answers again. */
export function StartingOverPage() {
  return (
    <Page title={say("mailbox.overWait")} scripts={[ASSETS["mailbox.js"]]}>
      <h1>{say("mailbox.overWait")}</h1>
      <p class="lead" role="status" data-starting-over>
        {say("mailbox.overWaitLead")}
      </p>
      <p>
        <a href="/mailbox">{say("mailbox.title")}</a>
      </p>
    </Page>
  );
}
