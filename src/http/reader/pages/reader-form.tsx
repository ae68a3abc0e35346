import type { Child } from "hono/jsx";
import type { ReaderView } from "../../../domain/sequences/queries/reader.ts";
import { Form } from "../../ui/form.tsx";

/** A form of the reader's page: which enrollment it's about, if any, and which revision the page showed. */
export function ReaderForm({
  reader,
  enrollmentId,
  action,
  hidden = {},
  joined,
  faulty,
  children,
}: {
  readonly reader: Pick<ReaderView, "revision">;
  readonly enrollmentId: number | null;
  readonly action: string;
  readonly hidden?: Readonly<Record<string, string>>;
  readonly joined?: boolean;
  readonly faulty?: boolean;
  readonly children?: Child;
}) {
  const whose = enrollmentId === null ? {} : { enrollment: String(enrollmentId) };
  return (
    <Form
      action={action}
      revision={reader.revision}
      hidden={{ ...whose, ...hidden }}
      joined={joined === true}
      faulty={faulty === true}
    >
      {children}
    </Form>
  );
}
