import type { ImportedLine } from "../../../platform/db/schema/index.ts";
import { sha256Hex } from "../../../platform/links/mac.ts";
import { readAddress } from "../../people/address.ts";
import type { Services } from "../../services.ts";
import { makeJob, readJob, takeStep } from "../queries/jobs.ts";
import { keepLines } from "../queries/lines.ts";
import { decodeFile } from "./decode-file.ts";
import type { Intent } from "./judge-line.ts";
import { recordsOf } from "./parse-file.ts";
import { isHeadless, type Recognised, recognise } from "./recognise.ts";

/** A file of 100,000 people has some ten; a Worker has 128 MB for all that it does at once. */
export const FILE_BYTES_MAX = 20 * 1024 * 1024;

/** So many lines are kept in a row, and read in a step. */
const LINES_A_PART = 500;
/** D1 takes two million bytes a value. */
const PART_CHARACTERS_MAX = 400_000;

/** What an owner wants of a file. */
export type Wanted = {
  readonly intent: Intent;
  /** The slug of the sequence that people are asked for. */
  readonly sequence: string;
  /** What the owner says above our own sentence; empty for nothing. */
  readonly words: string;
  /** So many confirmations leave a day. */
  readonly perDay: number;
};

/** What an import is about, as its job keeps it. */
export type ImportParams = Wanted &
  Recognised & {
    readonly header: readonly string[];
    readonly fileName: string;
    /** SHA-256 of the file. */
    readonly fileHash: string;
    /** The rendition of the confirmation in the owner's words; 0 for the usual one. */
    readonly renditionId: number;
  };

/** What taking a file came to. `faulty`: there is nothing in it that can be read. */
export type Taken =
  | { readonly kind: "taken"; readonly jobId: number }
  | { readonly kind: "faulty"; readonly why: "empty" | "broken" };

/**
 * Takes a file: keeps its lines, recognises where it's from, and has the dry run begin. Nothing but that is written. An address that stood further above
 * is marked as a repeat.
 */
export async function takeFile(
  deps: Services,
  file: { readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> },
  wanted: Wanted,
): Promise<Taken> {
  const { db, now, by } = deps;
  const records = recordsOf(decodeFile(file.bytes));
  const first = await next(records);
  if (first === "broken") return { kind: "faulty", why: "broken" };
  if (first === null) return { kind: "faulty", why: "empty" };
  const fileHash = await sha256Hex(file.bytes);
  const headless = isHeadless(first.cells);
  const recognised = recognise(first.cells, file.name);
  const params: ImportParams = {
    ...wanted,
    ...recognised,
    header: headless ? first.cells.map((_, place) => String(place + 1)) : first.cells,
    fileName: file.name.slice(0, 200),
    fileHash,
    renditionId: 0,
  };
  const jobId = await makeJob(db, {
    kind: "import",
    state: "taking",
    params,
    total: null,
    now,
    by,
    verb: "begin_import",
    changed: { intent: wanted.intent, file: fileHash },
  });
  const email = recognised.columns.indexOf("email");
  const seen = new Set<string>();
  let part: ImportedLine[] = [];
  let size = 0;
  let parts = 0;
  const flush = async () => {
    if (part.length === 0) return;
    await keepLines(db, jobId, parts, part);
    parts += 1;
    part = [];
    size = 0;
  };
  for (let record = headless ? first : await next(records); record !== null; record = await next(records)) {
    if (record === "broken") {
      await end(deps, jobId, { state: "stopped", endedAt: now });
      return { kind: "faulty", why: "broken" };
    }
    const read = readAddress((record.cells[email] ?? "").trim(), { reservedAllowed: true });
    const key = read.kind === "valid" ? read.value.key : null;
    const isRepeat = key !== null && seen.has(key);
    if (key !== null) seen.add(key);
    part.push({ line: isRepeat ? -record.line : record.line, cells: record.cells });
    size += record.cells.reduce((sum, cell) => sum + cell.length + 4, 20);
    if (part.length >= LINES_A_PART || size >= PART_CHARACTERS_MAX) await flush();
  }
  await flush();
  if (parts === 0) {
    await end(deps, jobId, { state: "stopped", endedAt: now });
    return { kind: "faulty", why: "empty" };
  }
  await end(deps, jobId, { state: "checking", total: parts });
  await deps.enqueue("letters", [{ job: jobId }]);
  return { kind: "taken", jobId };
}

async function end(deps: Services, jobId: number, become: Parameters<typeof takeStep>[3]): Promise<void> {
  const job = await readJob(deps.db, jobId);
  if (job !== null) await takeStep(deps.db, job, deps.random(), become);
}

/** The next record; null at the end, `broken` where the file can't be read on. */
async function next(records: AsyncGenerator<ImportedLine>): Promise<ImportedLine | null | "broken"> {
  try {
    const { value, done } = await records.next();
    return done === true ? null : value;
  } catch {
    return "broken";
  }
}
