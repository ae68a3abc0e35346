import * as z from "zod";
import { type Address, readAddress } from "../../../domain/people/address.ts";

/** An address in a body: reserved domains are taken, because people of a trial have them. */
export const address = z
  .string()
  .max(300)
  .transform((typed, context): Address => {
    const reading = readAddress(typed, { reservedAllowed: true });
    if (reading.kind === "valid") return reading.value;
    context.addIssue({ code: "custom", message: "must be an address such as ada@gmail.com" });
    return z.NEVER;
  })
  .meta({ id: "Address", description: "An email address; addresses are never in URLs" });

/** The body of what is asked about a person by address. */
export const addressBody = z.strictObject({ address });
