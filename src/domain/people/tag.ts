import * as z from "zod";

/** A few words a reader. */
export const TAGS_MAX = 20;

/** A tag as it's typed: up to 40 characters on one line, spaces put together, and nothing that a list of tags is cut at. */
export const tagName = z
  .string()
  .transform((typed) => typed.normalize("NFC").replaceAll(/\s+/gu, " ").trim())
  .pipe(
    z
      .string()
      .min(1)
      .max(40)
      .regex(/^[^,;\p{Cc}\p{Cf}]+$/u),
  );
