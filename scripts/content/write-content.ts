import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import { readSequence } from "./read-sequence.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What an answer of the API holds besides what can be published. */
const ANSWERED = new Set(["version", "published_at", "archived_at", "origin", "rendering", "slug"]);

/** As far as the names of files need it. */
type Letter = { readonly slug: string; readonly markdown: string };

/** What a service has. */
export type Content = {
  readonly site: Fields;
  /** The author's picture: the end of its file's name, and the file. */
  readonly picture: { readonly kind: string; readonly file: Uint8Array } | null;
  readonly sequences: readonly Fields[];
};

/**
 * Writes a site and its sequences, as the API answers them, into a folder that can be published again. A letter keeps the name of the file that
 * it's in already. Returns the files' names, in order.
 */
export function writeContent(folder: string, { site, picture, sequences }: Content): string[] {
  const written: string[] = [];
  const write = (name: string, text: string | Uint8Array) => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    written.push(name);
  };
  if (picture === null) write("site.yaml", yaml(publishable(site)));
  else {
    const name = `author.${picture.kind}`;
    write("site.yaml", yaml({ ...publishable(site), author: { ...(site.author as Fields), picture: name } }));
    write(name, picture.file);
  }
  for (const { welcome, steps, ...sequence } of sequences) {
    const below = join("sequences", String(sequence.slug));
    const known = namesIn(join(folder, below));
    write(join(below, "sequence.yaml"), yaml(publishable(sequence)));
    if (welcome !== null) write(join(below, known.get("welcome") ?? "welcome.md"), fileOf(welcome as Letter));
    const letters = steps as readonly Letter[];
    letters.forEach((letter, place) => {
      const number = String(place + 1).padStart(String(letters.length).length, "0");
      write(join(below, known.get(letter.slug) ?? `${number}-${letter.slug}.md`), fileOf(letter));
    });
  }
  return written;
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

function publishable(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !ANSWERED.has(name)));
}

function fileOf({ markdown, ...front }: Letter): string {
  return `---\n${yaml(front)}---\n${markdown}`;
}

function yaml(fields: Fields): string {
  return stringify(fields, { lineWidth: 120, defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN" });
}
