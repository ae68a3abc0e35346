import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { messageOf } from "./project.ts";

/** A letter as its author wrote it; what's missing in it, the service says. */
export type Letter = {
  readonly slug: string;
  readonly status: string;
  readonly subject: string;
  readonly preheader: string;
  readonly markdown: string;
};

/** A folder of letters as the body of a publication. `lineOffsets` tells by slug where the Markdown begins in the file. */
export type Sequence = {
  readonly body: {
    readonly title: string;
    readonly resume?: boolean;
    readonly welcome: Letter;
    readonly steps: readonly Letter[];
  };
  readonly lineOffsets: ReadonlyMap<string, number>;
};

/**
 * Reads a folder of letters (Markdown with YAML front matter) as the body of PUT /api/v1/admin/sequences/:slug.
 * `sequence.yaml` holds the title (and `resume: true` where completed readers go on); `welcome.md` is the welcome; the other .md files are the steps in the order of their
 * names. `lineOffsets` tells by slug how many lines of front matter precede the Markdown, to place faults in the file.
 */
export function readSequence(folder: string): Sequence {
  if (!existsSync(join(folder, "sequence.yaml"))) {
    throw new Error(`${folder} isn't a folder of letters: it has no sequence.yaml`);
  }
  const { title, resume } = parseYaml<{ title: string; resume?: boolean }>(
    join(folder, "sequence.yaml"),
    readFileSync(join(folder, "sequence.yaml"), "utf8"),
  );
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(".md"))
    .sort();
  const letters = files.map((name) => ({ name, ...readLetter(join(folder, name)) }));
  const welcome = letters.find((letter) => letter.name === "welcome.md");
  if (welcome === undefined) throw new Error(`${folder} has no welcome.md`);
  return {
    body: {
      title,
      ...(resume === undefined ? {} : { resume }),
      welcome: welcome.letter,
      steps: letters.filter((letter) => letter !== welcome).map((letter) => letter.letter),
    },
    lineOffsets: new Map(letters.map(({ letter, offset }) => [letter.slug, offset])),
  };
}

function readLetter(path: string): { readonly letter: Letter; readonly offset: number } {
  const source = readFileSync(path, "utf8").replaceAll("\r\n", "\n");
  const [whole, front] = /^---\n([\s\S]*?)\n---\n/.exec(source) ?? [];
  if (whole === undefined || front === undefined)
    throw new Error(`${path} doesn't begin with front matter between --- lines`);
  const markdown = source.slice(whole.length);
  return {
    letter: { status: "published", ...parseYaml<Omit<Letter, "status">>(path, front), markdown },
    offset: whole.split("\n").length - 1,
  };
}

function parseYaml<T>(path: string, source: string): T {
  try {
    return parse(source) as T;
  } catch (error) {
    throw new Error(`${path} can't be read: ${messageOf(error).split("\n")[0]}`);
  }
}
