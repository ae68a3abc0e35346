const FIRST_NAME_CHARACTERS_MAX = 60;

/** A first name as given, cleaned; empty means none was given. */
export type FirstNameReading =
  | { readonly kind: "valid"; readonly value: string }
  | { readonly kind: "faulty"; readonly fault: "too_long" };

/**
 * Removes control, format and bidi characters, which can break a header or turn a line around (rule 2.21), folds white
 * space, and accepts at most 60 characters (code points).
 */
export function readFirstName(typed: string): FirstNameReading {
  const value = typed
    .normalize("NFC")
    .replace(/\s+/gu, " ")
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/gu, "")
    .trim();
  return [...value].length <= FIRST_NAME_CHARACTERS_MAX
    ? { kind: "valid", value }
    : { kind: "faulty", fault: "too_long" };
}
