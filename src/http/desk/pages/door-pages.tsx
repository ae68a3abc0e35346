import type { Child } from "hono/jsx";
import { Field } from "../../ui/field.tsx";
import { Button, Form } from "../../ui/form.tsx";
import { say, sayWith } from "../../ui/say.ts";
import type { Refusal } from "../desk-page.ts";
import { DeskForm, DeskPage } from "./shell.tsx";

const code = (inner: Child) => <code>{inner}</code>;

/** Says why someone isn't let in, or may not do this, and what they can do. */
export function RefusedPage({ why }: { readonly why: Refusal }) {
  return (
    <DeskPage title={say(`desk.refused.${why}.title`)} room={null}>
      <p class="lead">{sayWith(`desk.refused.${why}.lead`, { code })}</p>
      <p>
        <a href="/desk">{say("desk.toDesk")}</a>
      </p>
    </DeskPage>
  );
}

/** The page behind a link into the desk: its button opens it, because scanners and previews open links. */
export function EnterPage({ action, used }: { readonly action: string; readonly used: boolean }) {
  if (used)
    return (
      <DeskPage title={say("desk.enter.usedTitle")} room={null}>
        <p class="lead">{sayWith("desk.enter.used", { code })}</p>
        <p>
          <a href="/desk">{say("desk.toDesk")}</a>
        </p>
      </DeskPage>
    );
  return (
    <DeskPage title={say("desk.enter.title")} room={null}>
      <p class="lead">{say("desk.enter.lead")}</p>
      <Form action={action}>
        <Button>{say("desk.enter.button")}</Button>
      </Form>
    </DeskPage>
  );
}

/** What is left while the database is away: stopping all sending, which the Guard does. */
export function AwayPage() {
  return (
    <DeskPage title={say("desk.away.title")} room={null}>
      <p class="lead">{say("desk.away.lead")}</p>
      <StopForm />
    </DeskPage>
  );
}

/** The kill switch. */
export function StopForm({ fault = null }: { readonly fault?: string | null }) {
  return (
    <DeskForm action="/desk/sending/stop" card faulty={fault !== null}>
      <h2>{say("desk.stop.title")}</h2>
      <p>{say("desk.stop.lead")}</p>
      <Field
        id="reason"
        name="reason"
        label={say("desk.stop.reason")}
        hint={say("desk.stop.reasonHint")}
        value=""
        fault={fault}
        attributes={{ type: "text", required: true, maxlength: "200", autocomplete: "off" }}
      />
      <Button>{say("desk.stop.button")}</Button>
    </DeskForm>
  );
}
