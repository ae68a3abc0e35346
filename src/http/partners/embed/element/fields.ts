import { SIGN_UP_INPUTS, TRAP } from "../../../ui/sign-up-inputs.ts";
import { make } from "./make.ts";

/** The fields that a visitor fills in, as long as the service takes them, each with its definition. The first is the address. */
export function signUpFields() {
  return SIGN_UP_INPUTS.map((definition) => {
    const { name, attributes, charactersMax } = definition;
    const input = make("input", { id: name, name, ...attributes, maxlength: String(charactersMax) });
    return { definition, input };
  });
}

/** The field that people do not see. */
export function trapField(): HTMLInputElement {
  return make("input", { id: "trap", name: TRAP.name, tabindex: "-1", ...TRAP.attributes });
}
