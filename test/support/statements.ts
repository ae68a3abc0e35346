/**
 * Whether a statement of ours compares two columns without their tables' names: in a list of one table or behind `returning`
 * Drizzle leaves them out, and a sub-select then compares a column with itself (drizzle-orm#5734).
 */
export function comparesUnqualified(query: string): boolean {
  return /(?<![.\w"])"\w+" (?:=|<>|[<>]=?|is(?: not)?|like) "\w+"(?!\.)/.test(query);
}
