import type { Joinable } from "../../../domain/sequences/queries/joinable.ts";
import type { Partner } from "../../../domain/signup/partners/partner.ts";
import { AreaField, Field, SelectField } from "../../ui/field.tsx";
import { Button } from "../../ui/form.tsx";
import { Fault } from "../../ui/notice.tsx";
import { say } from "../../ui/say.ts";
import type { Fields } from "../desk-page.ts";
import { DeskForm } from "./shell.tsx";
import { fieldsOf } from "./site-fields.ts";
import { SiteFormMore } from "./site-form-more.tsx";

/** A new site, or what can be changed of one; what was typed stands there again where it had a fault. */
export function SiteForm({
  partner,
  sequences,
  typed,
  faults,
}: {
  readonly partner: Partner | null;
  readonly sequences: readonly Joinable[];
  readonly typed: Fields;
  readonly faults: readonly string[];
  readonly mayChange: boolean;
}) {
  const was = partner === null ? {} : fieldsOf(partner);
  const value = (name: string) => typed[name] ?? was[name] ?? "";
  const line = (name: string, attributes: Readonly<Record<string, string | boolean>>) => (
    <Field
      id={name}
      name={name}
      label={say(`desk.sites.field.${name as "slug"}`)}
      hint={say(`desk.sites.hint.${name as "slug"}`)}
      value={value(name)}
      attributes={{ type: "text", autocomplete: "off", ...attributes }}
    />
  );
  const area = (name: "origins" | "consent_text", rows: number) => (
    <AreaField
      id={name}
      name={name}
      label={say(`desk.sites.field.${name}`)}
      hint={say(`desk.sites.hint.${name}`)}
      value={value(name)}
      attributes={{ rows, required: true, maxlength: 4000 }}
    />
  );
  return (
    <DeskForm
      action={partner === null ? "/desk/sites" : `/desk/sites/${partner.slug}`}
      hidden={partner === null ? {} : { revision: partner.revision }}
      card
      faulty={faults.length > 0}
    >
      <h2>{say(partner === null ? "desk.sites.new" : "desk.sites.change")}</h2>
      {faults.map((fault) => (
        <Fault alert>{fault}</Fault>
      ))}
      {partner === null ? line("slug", { required: true, maxlength: "60" }) : null}
      {line("name", { required: true, maxlength: "120" })}
      {area("origins", 3)}
      <SelectField
        id="sequence"
        label={say("desk.sites.field.sequence")}
        name="sequence"
        choices={sequences.map(({ slug, title }) => ({ value: slug, label: title }))}
        chosen={value("sequence")}
      />
      {area("consent_text", 4)}
      {line("consent_locale", { maxlength: "35" })}
      {line("tag", { maxlength: "40" })}
      {line("daily_limit", { inputmode: "numeric", maxlength: "6" })}
      <SiteFormMore value={value} open={faults.length > 0} />
      <Button>{say("desk.sites.save")}</Button>
    </DeskForm>
  );
}
