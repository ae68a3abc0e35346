/** A line as somebody typed it, cleaned; empty means that nothing was given. */
export type LineReading =
  | { readonly kind: "valid"; readonly value: string }
  | { readonly kind: "faulty"; readonly fault: "too_long" };

/**
 * Removes control, format and bidi characters, which can break a header or turn a line around (rule 2.21), folds white
 * space, and accepts at most `charactersMax` code points.
 */
export function readLine(typed: string, charactersMax: number): LineReading {
  const value = typed
    .normalize("NFC")
    .replace(/\s+/gu, " ")
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/gu, "")
    .trim();
  return [...value].length <= charactersMax
    ? { kind: "valid", value }
    : { kind: "faulty", fault: "too_long" };
}
