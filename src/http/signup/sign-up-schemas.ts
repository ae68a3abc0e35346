import * as z from "zod";
import { READER_FIELDS } from "../../platform/texts/reader-fields.ts";
import { languageTag } from "../api/fields.ts";

/** The answer to a form that asks for a stamp. */
export const formStamp = z
  .object({
    stamp: z.string().regex(/^[A-Za-z0-9_-]{62}$/),
    valid_for_seconds: z.int().min(1),
    wording: z.object({
      version: z.string().meta({ description: "To be sent along as `wording`" }),
      text: z.string(),
      locale: languageTag,
    }),
  })
  .meta({ id: "FormStamp" });

/** What's wrong with a field that the visitor filled in. */
export const signUpFault = z
  .object({
    field: z.enum(["email", ...READER_FIELDS.map(({ name }) => name)]),
    message: z.string(),
    suggestion: z.string().optional().meta({
      description: "The address that was probably meant; send that one, or the same again with `keep_domain`",
    }),
  })
  .meta({ id: "SignUpFault" });
