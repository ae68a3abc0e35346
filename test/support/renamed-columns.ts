/** Source of the schema with every column renamed in the database: "slot_at" is "slot_at_x". Properties keep their names. */
export function withRenamedColumns(source: string): string {
  return source.replace(/\b(text|integer|real|blob)\("(\w+)"/g, '$1("$2_x"');
}
