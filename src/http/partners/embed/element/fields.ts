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

/** The field of the first name, as long as the service takes it. */
export function nameField(): HTMLInputElement {
  return make("input", {
    id: "name",
    name: "first_name",
    maxlength: "60",
    autocomplete: "given-name",
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
