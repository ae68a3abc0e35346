import type { Child } from "hono/jsx";
import { Fault } from "./notice.tsx";

type Labelled = {
  readonly id: string;
  readonly label: Child;
  /** What helps to fill it in; stands below it. */
  readonly hint?: Child;
  /** What is wrong with what was typed: stands above the field. */
  readonly fault?: string | null;
  /** Whether it gets the focus: one field of a page at most. */
  readonly focused?: boolean;
};

/** A field to type into, with its label, hint and fault, tied together for screen readers. */
export function Field({
  id,
  label,
  hint,
  fault = null,
  name,
  value,
  attributes,
  focused,
}: Labelled & {
  readonly name: string;
  readonly value: string;
  /** Further attributes of the input, such as its type. */
  readonly attributes: Readonly<Record<string, string | boolean>>;
}) {
  const described = [fault === null ? "" : `${id}-fault`, hint === undefined ? "" : `${id}-hint`];
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {fault === null ? null : <Fault id={`${id}-fault`}>{fault}</Fault>}
      <input
        id={id}
        name={name}
        {...attributes}
        value={value}
        aria-invalid={fault === null ? undefined : "true"}
        aria-describedby={described.filter(Boolean).join(" ") || undefined}
        autofocus={focused === true}
      />
      {hint === undefined ? null : (
        <span class="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
    </div>
  );
}

/** A field for several lines, with its label, hint and fault. */
export function AreaField({
  id,
  label,
  hint,
  fault = null,
  name,
  value,
  attributes,
}: Omit<Labelled, "focused"> & {
  readonly name: string;
  readonly value: string;
  /** Further attributes of the text area, such as its rows. */
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
}) {
  const described = [fault === null ? "" : `${id}-fault`, hint === undefined ? "" : `${id}-hint`];
  // Browsers drop a line break right behind the tag.
  const kept = value.startsWith("\n") ? `\n${value}` : value;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {fault === null ? null : <Fault id={`${id}-fault`}>{fault}</Fault>}
      <textarea
        id={id}
        name={name}
        {...attributes}
        aria-invalid={fault === null ? undefined : "true"}
        aria-describedby={described.filter(Boolean).join(" ") || undefined}
      >
        {kept}
      </textarea>
      {hint === undefined ? null : (
        <span class="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
    </div>
  );
}

/** One of several: what is sent, and what it is called. */
type Choice = { readonly value: string; readonly label: Child };

/** A field that offers many choices in a list. */
export function SelectField({
  id,
  label,
  name,
  choices,
  chosen,
}: Pick<Labelled, "id" | "label"> & {
  readonly name: string;
  readonly choices: readonly Choice[];
  readonly chosen: string;
}) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} name={name}>
        {choices.map(({ value, label: text }) => (
          <option value={value} selected={value === chosen}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

/** A question with a few answers, all of them in sight. Nothing is chosen where `chosen` is null. */
export function ChoiceField({
  legend,
  hint,
  name,
  choices,
  chosen,
  required,
}: {
  readonly legend: Child;
  readonly hint?: Child;
  readonly name: string;
  readonly choices: ReadonlyArray<Choice & { readonly hint?: Child }>;
  readonly chosen: string | null;
  readonly required?: boolean;
}) {
  return (
    <fieldset>
      <legend>
        {legend}
        {hint === undefined ? null : <span class="hint"> {hint}</span>}
      </legend>
      {choices.map((choice) => (
        <label class="option">
          <input
            type="radio"
            name={name}
            value={choice.value}
            checked={choice.value === chosen}
            required={required === true}
          />
          <span>
            {choice.label}
            {choice.hint === undefined ? null : <span class="hint">{choice.hint}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

/** Fields beside each other where there is room; with `close`, two short ones on a phone, too. */
export function Row({ close, children }: { readonly close?: boolean; readonly children?: Child }) {
  return <div class={close === true ? "row close" : "row"}>{children}</div>;
}
