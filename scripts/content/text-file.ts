import { readFileSync } from "node:fs";

/** What's wrong with files of a folder, a line each, as `file:line  what and how to fix it`. */
export class FolderFaults extends Error {
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(faults.join("\n"));
    this.faults = faults;
  }
}

/** The text of a file: UTF-8, with or without a byte order mark, its lines ended the Unix way. Throws `FolderFaults` where it's no UTF-8. */
export function readText(path: string, name: string): string {
  const bytes = readFileSync(path);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false })
      .decode(bytes)
      .replaceAll(/\r\n?/g, "\n");
  } catch {
    throw new FolderFaults([
      `${name}  isn't UTF-8: its accents or other letters are stored in another way. Save it as UTF-8.`,
    ]);
  }
}

/** Runs all of them and throws what's wrong with any of them together, as one `FolderFaults`. */
export function allOrFaults<T>(reads: ReadonlyArray<() => T>): T[] {
  const faults: string[] = [];
  const read: T[] = [];
  for (const one of reads) {
    try {
      read.push(one());
    } catch (error) {
      if (!(error instanceof FolderFaults)) throw error;
      faults.push(...error.faults);
    }
  }
  if (faults.length > 0) throw new FolderFaults(faults);
  return read;
}
