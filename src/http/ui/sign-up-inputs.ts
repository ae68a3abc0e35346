import { LABELS } from "../../platform/texts/labels.ts";
import { inLanguage, LANGUAGES, type Language } from "../../platform/texts/languages.ts";
import { type FieldName, READER_FIELDS } from "../../platform/texts/reader-fields.ts";

/** RFC 5321 section 4.5.3.1: a path has 256 octets, two of them for its brackets. */
const ADDRESS_MAX = 254;

/** An input of the sign-up form, wherever the form stands. */
export type SignUpInput = {
  readonly name: "email" | FieldName;
  readonly label: Readonly<Record<Language, string>>;
  /** What is said where it was filled in wrongly. */
  readonly fault: Readonly<Record<Language, string>>;
  /** Its attributes but for id, name and value; "" is one without a value. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly charactersMax: number;
};

const inEvery = (textIn: (language: Language) => string) =>
  Object.fromEntries(LANGUAGES.map((language) => [language, textIn(language)])) as Record<Language, string>;

const EMAIL: SignUpInput = {
  name: "email",
  label: inEvery((language) => LABELS[language].email),
  fault: inEvery((language) => LABELS[language].emailFault),
  attributes: {
    type: "email",
    required: "",
    autocomplete: "email",
    inputmode: "email",
    autocapitalize: "none",
    spellcheck: "false",
    dir: "ltr",
  },
  charactersMax: ADDRESS_MAX,
};

/**
 * The sign-up form: what a visitor fills in, in order. Our own page, the page that asks once more, the snippet that partners paste and
 * the element are made from it.
 */
export const SIGN_UP_INPUTS: readonly SignUpInput[] = [
  EMAIL,
  ...READER_FIELDS.map(
    ({ name, label, fault, autocomplete, charactersMax }): SignUpInput => ({
      name,
      label: inEvery((language) => inLanguage(label, language)),
      fault: inEvery((language) => inLanguage(fault, language)),
      attributes: { type: "text", autocomplete },
      charactersMax,
    }),
  ),
];

/** The field that people don't see. */
export const TRAP = { name: "leave_empty", attributes: { autocomplete: "off" } } as const;
