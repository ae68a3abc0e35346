import * as z from "zod";
import { isTimeZone } from "../../platform/calendar/time-zone.ts";
import type { ReaderQuestion } from "../../platform/db/schema/index.ts";
import { inLanguage, type Language, languageOf } from "../../platform/texts/languages.ts";
import {
  byColumn,
  type FieldName,
  NO_LINKS,
  READER_FIELDS,
  type Told,
} from "../../platform/texts/reader-fields.ts";
import { say, type WordKey } from "../../platform/texts/texts.ts";
import { ADDRESS_TYPED_MAX, type Address, readAddress } from "../people/address.ts";
import { readName, unitsMax } from "../people/read-name.ts";
import { isTechnicalMailbox } from "./gate/mail-domains.ts";

/** A fault of one field, in words for the visitor. */
export type FieldFault = {
  readonly field: "email" | FieldName;
  readonly message: string;
  /** The address that was probably meant. */
  readonly suggestion?: string;
};

export type SignUpReading =
  | {
      readonly kind: "valid";
      readonly address: Address;
      readonly told: Told;
      /** The block that the answer to the sequence's question chooses; empty for none. */
      readonly answer: string;
      readonly timeZone: string | null;
    }
  | { readonly kind: "faulty"; readonly faults: readonly FieldFault[] };

/** What a visitor typed. More than `unitsMax` is cut, to a text that is seen to be too long. */
const typed = (unitsMax: number) =>
  z
    .string("must be text")
    .nullish()
    .transform((value) => (value ?? "").slice(0, unitsMax + 1));

const told = Object.fromEntries(
  READER_FIELDS.map(({ name, charactersMax }) => [
    name,
    typed(unitsMax(charactersMax)).meta({ description: `${charactersMax} characters at most, if any` }),
  ]),
) as Readonly<Record<FieldName, ReturnType<typeof typed>>>;

const TOKEN_CHARACTERS_MAX = 3000;
const short = (value: unknown) =>
  typeof value === "string" && value.length <= TOKEN_CHARACTERS_MAX ? value : "";

/** A field of ours, not the visitor's: what is not text or too long counts as not sent. */
const token = z
  .unknown()
  .optional()
  .transform(short)
  .meta({ type: "string", maxLength: TOKEN_CHARACTERS_MAX });

/** The fields of a sign-up, from a form or from JSON, one name for both. Fields that we do not know are ignored. */
export const signUpFields = z.object({
  email: typed(ADDRESS_TYPED_MAX).meta({ description: "The address; needed" }),
  ...told,
  time_zone: token.meta({ description: "An IANA zone; without one the partner's, or the usual one" }),
  answer: token.meta({ description: "The block that the answer to the sequence's question chooses, if any" }),
  sequence: token.meta({
    description: "Of our own pages, the sequence by its slug; needed where there are several",
  }),
  partner: token.meta({ description: "The form key; none for the form of our own page" }),
  wording: token.meta({ description: "The version of the wording that the visitor saw" }),
  return: token.meta({
    description: "Of plain forms, one of the partner's return addresses by its id; says nothing in JSON",
  }),
  language: token.meta({ description: "A language tag for the words of faults" }),
  lang: token.meta({
    description: "The same, as forms sent it first: a field of that name hides a property of its form",
  }),
  stamp: token.meta({ description: "From /api/v1/form-stamp" }),
  // The origin that the first post of this visitor came from, signed along in the stamp.
  from: token.meta({ description: "Of our own pages; a stamp of /api/v1/form-stamp doesn't hold with it" }),
  page: token.meta({ description: "The path of the page with the form, without its query" }),
  use_suggested: token.meta({ description: "Any text, where the visitor takes the suggested address" }),
  challenge: token.meta({
    description: "Of plain forms that were told of a challenge; says nothing in JSON",
  }),
  /** The trap: people do not see it, and no browser knows it by its name. */
  leave_empty: z
    .unknown()
    .optional()
    .transform((value) =>
      typeof value === "string" ? value.slice(0, 1) : value === undefined || value === null ? "" : "?",
    )
    .meta({ description: "A trap for robots", type: "string" }),
  keep_domain: z
    .unknown()
    .optional()
    .transform((value) => (value === true ? "yes" : short(value)))
    .meta({
      anyOf: [{ type: "string", maxLength: TOKEN_CHARACTERS_MAX }, { type: "boolean" }],
      description:
        "True, or any text, where the visitor was shown a suggestion and wants the address as typed",
    }),
  "cf-turnstile-response": token.meta({ description: "A token of the challenge, where there is one" }),
});

export type SignUpFields = z.infer<typeof signUpFields>;

/** What a visitor typed, as it is shown again when something is wrong with it. */
export type TypedSignUp = Pick<SignUpFields, "email" | "answer" | FieldName>;

/** The fields of a post without any. */
export const NO_FIELDS: SignUpFields = signUpFields.parse({});

/** The language in which a form says that it speaks; null where it doesn't say. */
export function saidLanguage({ language, lang }: Pick<SignUpFields, "language" | "lang">): Language | null {
  const said = language === "" ? lang : language;
  return said === "" ? null : languageOf(said);
}

/** Reads what the visitor typed. A time zone or a choice that does not exist counts as none: both are optional. */
export function readSignUp(
  fields: TypedSignUp & Pick<SignUpFields, "time_zone">,
  options: {
    readonly reservedAllowed: boolean;
    readonly language: Language;
    readonly question: ReaderQuestion | null;
  },
): SignUpReading {
  const { language, question } = options;
  const address = readAddress(fields.email, options);
  const lines = byColumn(({ name, charactersMax }) => readName(fields[name], charactersMax));
  const faulty = READER_FIELDS.flatMap((field): FieldFault[] => {
    const line = lines[field.column];
    if (line.kind === "valid") return [];
    const words = line.fault === "too_long" ? field.fault : NO_LINKS;
    return [{ field: field.name, message: inLanguage(words, language) }];
  });
  const technical = address.kind === "valid" && isTechnicalMailbox(address.value.localPart);
  if (address.kind === "valid" && !technical && faulty.length === 0) {
    const timeZone = isTimeZone(fields.time_zone) ? fields.time_zone : null;
    const told = byColumn(({ column }) => (lines[column].kind === "valid" ? lines[column].value : ""));
    const answer = question?.choices.find(({ block }) => block === fields.answer)?.block ?? "";
    return { kind: "valid", address: address.value, told, answer, timeZone };
  }
  const faults: FieldFault[] = [];
  if (address.kind === "faulty") {
    faults.push({ field: "email", message: addressMessage(address.fault, language) });
  } else if (technical) {
    faults.push({ field: "email", message: addressMessage("technical_mailbox", language) });
  }
  faults.push(...faulty);
  return { kind: "faulty", faults };
}

type AddressFault =
  | "missing"
  | "malformed"
  | "non_ascii_local_part"
  | "too_long"
  | "reserved_domain"
  | "technical_mailbox";

function addressMessage(fault: AddressFault, language: Language): string {
  return say(ADDRESS_MESSAGES[fault], {}, language);
}

const ADDRESS_MESSAGES: Readonly<Record<AddressFault, WordKey>> = {
  missing: "address.missing",
  malformed: "address.malformed",
  non_ascii_local_part: "address.nonAscii",
  too_long: "address.tooLong",
  reserved_domain: "address.reserved",
  technical_mailbox: "address.technical",
};
