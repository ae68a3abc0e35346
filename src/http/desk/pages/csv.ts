import { stringify } from "csv-stringify/sync";

/** Rows as the text of a CSV file whose cells no spreadsheet takes for formulas: those get an apostrophe in front. */
export function csvOf(rows: ReadonlyArray<readonly (string | number | null)[]>): string {
  return stringify(
    rows.map((row) => [...row]),
    { escape_formulas: true, record_delimiter: "\r\n" },
  );
}

/** A CSV file as an answer, in UTF-8 with a mark that spreadsheets know it by, and kept by nobody. */
export function csvAnswer(name: string, body: BodyInit): Response {
  return new Response(body, {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="${name}"`,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "x-robots-tag": "noindex",
    },
  });
}
