import { parse } from "csv-parse/stream";
import type { ImportedLine } from "../../../platform/db/schema/index.ts";
import { separatorOf } from "./decode-file.ts";

/** Wider or longer than any export: what's beyond is cut. */
const CELLS_MAX = 200;
const CELL_CHARACTERS_MAX = 1000;
/** A record of this size is a quote that was never closed. */
const RECORD_BYTES_MAX = 256 * 1024;

/** The text in pieces, as a stream reads it. */
const PIECE_CHARACTERS = 64 * 1024;

/**
 * The records of a CSV text with the lines they begin in, the header first. Separated by comma, semicolon, tab or bar, ended by any kind of line break,
 * in quotes or without; a quote where none belongs is a character like others. Throws csv-parse's error where a record is out of all size.
 */
export async function* recordsOf(text: string): AsyncGenerator<ImportedLine> {
  let from = 0;
  const source = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (from >= text.length) return controller.close();
      controller.enqueue(new TextEncoder().encode(text.slice(from, from + PIECE_CHARACTERS)));
      from += PIECE_CHARACTERS;
    },
  });
  const parser = parse({
    bom: true,
    delimiter: separatorOf(text),
    info: true,
    max_record_size: RECORD_BYTES_MAX,
    record_delimiter: ["\r\n", "\n", "\r"],
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
  });
  const records = source.pipeThrough(parser) as ReadableStream<{
    readonly record: readonly string[];
    readonly info: { readonly lines: number };
  }>;
  for await (const { record, info } of records) {
    const cells = record.slice(0, CELLS_MAX).map((cell) => cell.slice(0, CELL_CHARACTERS_MAX));
    yield { line: info.lines, cells };
  }
}
