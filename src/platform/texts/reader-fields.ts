import type { Localized } from "./languages.ts";

/** A line that visitors may tell us about themselves besides their address. */
type ReaderField = {
  /** In forms, in the embedded element and in the API. */
  readonly name: string;
  /** The column that keeps it, in `consents` and, once it's confirmed, in `subscribers`. */
  readonly column: string;
  /** What it may be filled in from (html.spec.whatwg.org, autofill). */
  readonly autocomplete: string;
  readonly charactersMax: number;
  readonly label: Localized;
  /** Said where it's longer than that. */
  readonly fault: Localized;
};

/** Said of any of them with a web or email address in it: they show up in letters. */
export const NO_LINKS: Localized = {
  en: "Please leave out web addresses, / and @ here.",
  de: "Bitte hier ohne Webadresse, / und @.",
  fr: "Sans adresse web, / ni @ ici, s’il vous plaît.",
  es: "Aquí sin direcciones web, / ni @, por favor.",
  pt: "Aqui sem endereços da web, / nem @, por favor.",
  ar: "يرجى عدم كتابة عناوين مواقع أو / أو @ هنا.",
};

/** What letters are addressed by. */
export const FIRST_NAME = {
  name: "first_name",
  column: "firstName",
  autocomplete: "given-name",
  charactersMax: 40,
  label: {
    en: "First name (optional)",
    de: "Vorname (freiwillig)",
    fr: "Prénom (facultatif)",
    es: "Nombre (opcional)",
    pt: "Primeiro nome (opcional)",
    ar: "الاسم الأول (اختياري)",
  },
  fault: {
    en: "That name is longer than 40 characters. A shorter form is fine.",
    de: "Dieser Name ist länger als 40 Zeichen. Eine kurze Form genügt.",
    fr: "Ce prénom dépasse 40 caractères. Une forme courte suffit.",
    es: "Ese nombre tiene más de 40 caracteres. Basta con una forma corta.",
    pt: "Este nome tem mais de 40 caracteres. Basta uma forma curta.",
    ar: "هذا الاسم أطول من 40 حرفًا. يكفي اسم قصير.",
  },
} as const satisfies ReaderField;

/**
 * Everything a visitor may tell us, in the order of the form. The form, the plain snippet, the element, the API, the record of consent
 * and what is moved to a reader are made from this list; export and erasure follow the columns' own declaration in the schema. What letters and
 * the reader's own form use is the first name alone: another field can be told, shown and erased, but not changed there.
 */
export const READER_FIELDS = [FIRST_NAME] as const satisfies readonly ReaderField[];

type Field = (typeof READER_FIELDS)[number];

/** The name of a field, as it's posted. */
export type FieldName = Field["name"];

/** What a visitor told us, by column; empty where they didn't. */
export type Told = { readonly [Column in Field["column"]]: string };

/** One value for each field, by column. */
export function byColumn<Value>(of: (field: Field) => Value): {
  readonly [Column in Field["column"]]: Value;
} {
  return Object.fromEntries(READER_FIELDS.map((field) => [field.column, of(field)])) as {
    readonly [Column in Field["column"]]: Value;
  };
}
