import type { FormSeen } from "../../domain/signup/partners/look-at-form.ts";
import type { Partner } from "../../domain/signup/partners/partner.ts";
import { say } from "../../platform/texts/texts.ts";
import { dateOf } from "../ui/date.tsx";
import { Field, Row, SelectField } from "../ui/field.tsx";
import { Button, Form } from "../ui/form.tsx";
import { Fault, Notice } from "../ui/notice.tsx";

/** A look at a page that was asked for: what was typed, and what was found; or that it can't be looked at, or not now. */
export type Checked = {
  readonly origin: string;
  readonly path: string;
  readonly seen: FormSeen | { readonly kind: "wrong" | "too_often" };
};

/** Whether a form works: when it was last used, and a look at the partner's page on request. */
export function Check({
  partner,
  lastSeenAt,
  checked,
  action,
}: {
  readonly partner: Partner;
  readonly lastSeenAt: number | null;
  readonly checked: Checked | null;
  readonly action: string;
}) {
  return (
    <section class="card" aria-labelledby="check-title" id="check">
      <h2 id="check-title">{say("partner.check")}</h2>
      <p>
        {lastSeenAt === null
          ? say("partner.neverSeen")
          : say("partner.lastSeen", { date: dateOf(lastSeenAt, "UTC") })}
      </p>
      {checked === null ? null : <Found checked={checked} />}
      <Form action={`${action}#check`} joined>
        <p class="soft">{say("partner.checkLead")}</p>
        <Row>
          <SelectField
            id="origin"
            label={say("partner.checkOrigin")}
            name="origin"
            choices={partner.origins.map((origin) => ({ value: origin, label: origin }))}
            chosen={checked?.origin ?? partner.origins[0] ?? ""}
          />
          <Field
            id="path"
            label={say("partner.checkPath")}
            name="path"
            value={checked?.path ?? "/"}
            attributes={{ type: "text", maxlength: "300", spellcheck: "false", autocapitalize: "none" }}
          />
        </Row>
        <Button quiet>{say("partner.checkButton")}</Button>
      </Form>
    </section>
  );
}

function Found({ checked: { origin, path, seen } }: { readonly checked: Checked }) {
  const page = `${origin}${path}`;
  switch (seen.kind) {
    case "wrong":
      return <Fault alert>{say("partner.checkWrong")}</Fault>;
    case "too_often":
      return <Fault alert>{say("partner.checkOften")}</Fault>;
    case "answers":
      return <Fault alert>{say("partner.seen.answers", { page, status: seen.status })}</Fault>;
    case "not_https":
    case "redirects":
    case "not_a_page":
    case "silent":
      return <Fault alert>{say(`partner.seen.${seen.kind}`, { page })}</Fault>;
    case "read": {
      const found = seen.with === "no_key" && !seen.whole ? "beginning" : seen.with;
      return (
        <Notice alert={found !== "key"}>
          <p>{say(`partner.seen.${found}`, { page })}</p>
        </Notice>
      );
    }
  }
}
