import * as z from "zod";

/** An address of someone at the desk, in lower case: as Cloudflare Access gives it. Names of one machine are taken, for trials. */
export const deskAddress = z
  .string()
  .trim()
  .max(254)
  .regex(/^[^\s@<>"]+@[^\s@<>"]+$/, "must be an address")
  .transform((address) => address.toLowerCase());
