import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { allOrFaults, FolderFaults, readText } from "./text-file.ts";
import { readYaml, type YamlFile } from "./yaml-file.ts";

/** A letter as it's written in its file, with where its Markdown begins there. */
export type LetterFile = { readonly front: YamlFile; readonly markdown: string; readonly offset: number };

/** A letter as the API takes it; whatever its front matter says besides is told by the service. */
export type Letter = {
  readonly slug: string;
  readonly subject: string;
  readonly preheader: string;
  readonly status: string;
  readonly markdown: string;
};

/** A folder of letters as the body of PUT /api/v1/admin/sequences/:slug, with what was and what wasn't read of it. */
export type SequenceFolder = {
  readonly body: {
    readonly title: string;
    readonly resume?: boolean;
    readonly welcome: Letter;
    readonly steps: readonly Letter[];
  };
  /** The files of the letters in the order that came out, the welcome first. */
  readonly files: readonly string[];
  readonly unread: readonly string[];
  /** Where something of the body is written: `file` or `file:line`. `line` counts in the Markdown of the letter that the path names. */
  readonly placeOf: (path: readonly string[], line: number | null) => string;
};

const SETTINGS = "sequence.yaml";
const LETTER = /\.(md|markdown)$/i;
const WELCOME = /^welcome\.(md|markdown)$/i;
/** Files in the order that people count in: 9 before 10. */
const ORDER = new Intl.Collator("en", { numeric: true });

/**
 * Reads a folder of letters (Markdown with YAML front matter). `sequence.yaml` says what the sequence is; `welcome.md` is the welcome; the other
 * letters are the steps in the order of their names, numbers as people count. Throws `FolderFaults` with everything that's wrong.
 */
export function readSequence(folder: string): SequenceFolder {
  const path = join(folder, SETTINGS);
  if (!existsSync(path))
    throw new FolderFaults([`${folder} isn't a folder of letters: it has no ${SETTINGS}.`]);
  const names = readdirSync(folder).filter((name) => !name.startsWith("."));
  const letters = names.filter((name) => LETTER.test(name)).sort(ORDER.compare);
  const welcomes = letters.filter((name) => WELCOME.test(name));
  const steps = letters.filter((name) => !WELCOME.test(name));
  if (welcomes.length !== 1)
    throw new FolderFaults([
      welcomes.length === 0
        ? `${folder} has no welcome.md. Write one: the letter that greets a new reader.`
        : `${folder} has two welcomes: ${welcomes.join(", ")}. Keep one.`,
    ]);
  const read = allOrFaults([
    () => ({ front: readYaml(SETTINGS, readText(path, SETTINGS), 0), markdown: "", offset: 0 }),
    ...[...welcomes, ...steps].map((name) => () => readLetter(folder, name)),
  ]);
  // Pictures, and folders of them, that a letter names.
  const written = read.map(({ markdown }) => markdown).join("\n");
  const isNamed = (name: string) => written.includes(name) || written.includes(encodeURI(name));
  const unread = names.filter((name) => name !== SETTINGS && !LETTER.test(name) && !isNamed(name));
  const [settings, welcome, ...own] = read;
  if (settings === undefined || welcome === undefined) throw new Error("a folder has settings and a welcome");
  return {
    body: {
      ...settings.front.value,
      welcome: letterOf(welcome),
      steps: own.map(letterOf),
    } as unknown as SequenceFolder["body"],
    files: [...welcomes, ...steps],
    unread,
    placeOf: ([first = "", second = "", ...rest], line) => {
      if (first === "welcome") return placeIn(welcome, [second, ...rest], line);
      const step = first === "steps" ? own[Number(second)] : undefined;
      return step === undefined
        ? placeIn(settings, [first, second, ...rest], null)
        : placeIn(step, rest, line);
    },
  };
}

function placeIn({ front, offset }: LetterFile, path: readonly string[], line: number | null): string {
  const at = line === null ? front.lineOf(path.filter((key) => key !== "")) : line + offset;
  return at === null ? front.name : `${front.name}:${at}`;
}

function letterOf({ front, markdown }: LetterFile): Letter {
  return { status: "published", ...front.value, markdown } as Letter;
}

/** Blank lines may stand before the front matter, and blanks behind its dashes, as editors leave them. */
const FRONT = /^(\s*---[ \t]*\n)((?:(?!(?:---|\.\.\.)[ \t]*(?:\n|$)).*\n)*)(?:---|\.\.\.)[ \t]*(?:\n|$)/;

function readLetter(folder: string, name: string): LetterFile {
  return readLetterFile(join(folder, name), name);
}

/** Reads one letter: Markdown below front matter. Throws `FolderFaults`, in which the file is called `name`. */
export function readLetterFile(path: string, name: string): LetterFile {
  if (!existsSync(path)) throw new FolderFaults([`There's no file ${path}.`]);
  const source = readText(path, name);
  const [whole, opening = "", front = ""] = FRONT.exec(source) ?? [];
  if (whole === undefined)
    throw new FolderFaults([
      `${name}:1  has no front matter. Begin with a line of ---, then subject and preheader, then another ---.`,
    ]);
  const lines = (text: string) => text.split("\n").length - 1;
  return {
    front: readYaml(name, front, lines(opening)),
    markdown: source.slice(whole.length),
    offset: lines(whole),
  };
}
