import { READER_FIELDS } from "../../../../platform/texts/reader-fields.ts";
import { make } from "./make.ts";

/** The field of the address. */
export function emailField(): HTMLInputElement {
  return make("input", {
    id: "email",
    name: "email",
    type: "email",
    required: "",
    maxlength: "254",
    autocomplete: "email",
    inputmode: "email",
    autocapitalize: "none",
    spellcheck: "false",
    dir: "ltr",
  });
}

/** The fields of what a visitor may tell besides, as long as the service takes them, each with its definition. */
export function readerFields() {
  return READER_FIELDS.map((field) => {
    const { name, charactersMax, autocomplete } = field;
    return {
      field,
      input: make("input", { id: name, name, maxlength: String(charactersMax), autocomplete }),
    };
  });
}

/** The field that people do not see. */
export function trapField(): HTMLInputElement {
  return make("input", {
    id: "trap",
    name: "leave_empty",
    tabindex: "-1",
    autocomplete: "off",
  });
}
