/** A line as somebody typed it, cleaned; empty means that nothing was given. */
export type LineReading =
  | { readonly kind: "valid"; readonly value: string }
  | { readonly kind: "faulty"; readonly fault: "too_long" };

/** UTF-16 units that a line may have for each character of its limit, before it's looked at: pictures take several. */
const UNITS_PER_CHARACTER = 8;

/** The most that is read of a line with this limit; what's longer is too long, unseen. */
export function unitsMax(charactersMax: number): number {
  return charactersMax * UNITS_PER_CHARACTER;
}

/**
 * Removes control, format and bidi characters, which can break a header or turn a line around (rule 2.21), folds white
 * space, and accepts at most `charactersMax` code points.
 */
export function readLine(typed: string, charactersMax: number): LineReading {
  if (typed.length > unitsMax(charactersMax)) return { kind: "faulty", fault: "too_long" };
  const value = typed
    .normalize("NFC")
    .replace(/\s+/gu, " ")
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/gu, "")
    .trim();
  return [...value].length <= charactersMax
    ? { kind: "valid", value }
    : { kind: "faulty", fault: "too_long" };
}
