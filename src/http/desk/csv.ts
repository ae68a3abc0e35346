import { stringify } from "csv-stringify/sync";

type Cells = readonly (string | number | null)[];

/** Rows as the text of a CSV file whose cells no spreadsheet takes for formulas: those get an apostrophe in front. */
export function csvOf(rows: readonly Cells[]): string {
  return stringify(
    rows.map((row) => [...row]),
    { escape_formulas: true, record_delimiter: "\r\n" },
  );
}

/** A CSV file as an answer, in UTF-8, and kept by nobody. */
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

/** A CSV file that's made while it's sent, page by page. Where it can't be gone on with, the file breaks off, so that none looks whole that isn't. */
export function csvStream(
  name: string,
  head: readonly string[],
  pages: AsyncGenerator<readonly Cells[]>,
): Response {
  const encoder = new TextEncoder();
  let begun = false;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (!begun) {
        begun = true;
        controller.enqueue(encoder.encode(csvOf([head])));
      }
      const { value, done } = await pages.next();
      if (done === true) controller.close();
      else controller.enqueue(encoder.encode(value.length === 0 ? "" : csvOf(value)));
    },
  });
  return csvAnswer(name, body);
}
