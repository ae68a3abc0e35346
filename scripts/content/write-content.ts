import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { type Content, filesOf } from "../../src/domain/letters/as-folder.ts";
import { readSequence } from "./read-sequence.ts";

export type { Content };

/**
 * Writes a site and its sequences, as the API answers them, into a folder that can be published again. A letter keeps the name of the file that
 * it's in already. Returns the files' names, in order.
 */
export function writeContent(folder: string, content: Content): string[] {
  const known = new Map<string, ReadonlyMap<string, string>>();
  const nameOf = (sequence: string, letter: string) => {
    const names = known.get(sequence) ?? namesIn(join(folder, "sequences", sequence));
    known.set(sequence, names);
    return names.get(letter);
  };
  const files = filesOf(content, yaml, nameOf);
  for (const { name, content: written } of files) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, written);
  }
  return files.map(({ name }) => name);
}

/** The names of the letters' files that are there, by slug; none where the folder isn't one of letters. */
function namesIn(folder: string): ReadonlyMap<string, string> {
  if (!existsSync(folder)) return new Map();
  try {
    const { body, files } = readSequence(folder);
    const slugs = ["welcome", ...body.steps.map(({ slug }) => slug)];
    return new Map(slugs.map((slug, place) => [slug, files[place] ?? ""]));
  } catch {
    return new Map();
  }
}

function yaml(fields: Readonly<Record<string, unknown>>): string {
  return stringify(fields, { lineWidth: 120, defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN" });
}
