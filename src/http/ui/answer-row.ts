/** An instant as ISO text, as the API shows it. */
export function iso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

/** A row as the API shows it: field names in snake_case, instants (`…At`) as ISO text. */
export function answerRow(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      name.endsWith("At") ? iso(value as number | null) : value,
    ]),
  );
}
