import { make } from "./make.ts";

/** Fills the plain form's fields, adding those that it lacks, and goes where it goes. */
export function postPlain(plain: HTMLFormElement, fields: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(fields)) {
    const field = plain.elements.namedItem(name);
    if (field instanceof HTMLInputElement) field.value = value;
    else plain.append(make("input", { type: "hidden", name, value }));
  }
  // A field named "submit" would stand in the way of the form's own method.
  HTMLFormElement.prototype.submit.call(plain);
}
