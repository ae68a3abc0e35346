import type { ReaderView } from "../../../domain/sequences/queries/reader.ts";
import { Button, Form } from "../../ui/form.tsx";
import { say } from "../../ui/say.ts";
import { ReaderForm } from "./reader-form.tsx";

/** The button that switches letters in between on, with the words that are agreed to by it. */
export function BetweenForm({
  action,
  value,
  wording,
}: {
  readonly action: string;
  /** What the button asks for. */
  readonly value: string;
  readonly wording: string;
}) {
  return (
    <Form action={action} joined>
      <p>{wording}</p>
      <Button name="action" value={value} quiet>
        {say("between.start")}
      </Button>
    </Form>
  );
}

/** For who gets letters in between: that they do, and the button that stops them. */
export function BetweenCard({
  reader,
  action,
  underWay,
}: {
  readonly reader: ReaderView;
  readonly action: string;
  /** Whether one is on its way at this moment. */
  readonly underWay: boolean;
}) {
  if (!reader.broadcasts || reader.state !== "active")
    return underWay ? <p role="status">{say("standing.underWay")}</p> : null;
  return (
    <section aria-label={say("between.title")}>
      <ReaderForm reader={reader} enrollmentId={null} action={action} joined>
        <p>{say("between.lead")}</p>
        <Button name="action" value="stop_broadcasts" plain>
          {say("between.stop")}
        </Button>
      </ReaderForm>
    </section>
  );
}
