import { z } from "zod";
import { isTimeZone } from "../calendar/time-zone.ts";
import { type Address, readAddress } from "../subscribers/address.ts";
import { readFirstName } from "../subscribers/first-name.ts";

/** What a visitor typed, as it is shown again when something is wrong with it. */
export type TypedSignUp = { readonly email: string; readonly firstName: string };

/** A fault of one field, in words for the visitor. */
export type FieldFault = { readonly field: "email" | "first_name"; readonly message: string };

export type SignUpReading =
  | {
      readonly kind: "valid";
      readonly address: Address;
      readonly firstName: string;
      readonly timeZone: string;
    }
  | { readonly kind: "faulty"; readonly typed: TypedSignUp; readonly faults: readonly FieldFault[] };

const text = z
  .string("must be text")
  .nullish()
  .transform((value) => value ?? "");

/** The fields of a sign-up, from a form or from JSON. Fields that we do not know are ignored. */
export const signUpFields = z.object({
  email: text,
  first_name: text,
  time_zone: text.catch(""),
});

/** Reads the fields of a sign-up. A time zone that does not exist counts as none: it is only a suggestion. */
export function readSignUp(
  fields: z.infer<typeof signUpFields>,
  options: { readonly reservedAllowed: boolean; readonly defaultTimeZone: string },
): SignUpReading {
  const address = readAddress(fields.email, options);
  const firstName = readFirstName(fields.first_name);
  if (address.kind === "valid" && firstName.kind === "valid") {
    const timeZone = isTimeZone(fields.time_zone) ? fields.time_zone : options.defaultTimeZone;
    return { kind: "valid", address: address.value, firstName: firstName.value, timeZone };
  }
  const faults: FieldFault[] = [];
  if (address.kind === "faulty") faults.push({ field: "email", message: ADDRESS_MESSAGES[address.fault] });
  if (firstName.kind === "faulty") {
    faults.push({ field: "first_name", message: "That is longer than 60 characters. A short form will do." });
  }
  return { kind: "faulty", typed: { email: fields.email, firstName: fields.first_name }, faults };
}

const ADDRESS_MESSAGES: Readonly<
  Record<"missing" | "malformed" | "non_ascii_local_part" | "too_long" | "reserved_domain", string>
> = {
  missing: "Please enter your email address.",
  malformed: "That does not look like an email address. It should read like ada@gmail.com.",
  non_ascii_local_part:
    "We cannot send to addresses with accents or other special letters before the @ yet. Do you have another one?",
  too_long: "That address is longer than mail servers accept.",
  reserved_domain: "Nobody can receive mail at that domain. Please use an address of your own.",
};
