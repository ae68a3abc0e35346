import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/**
 * Reads a folder of letters (Markdown with YAML front matter) as the body of PUT /api/v1/admin/sequences/:slug.
 * `sequence.yaml` holds the title (and `resume: true` where completed readers go on); `welcome.md` is the welcome; the other .md files are the steps in the order of their
 * names. `lineOffsets` tells by slug how many lines of front matter precede the Markdown, to place faults in the file.
 */
export function readSequence(folder) {
  if (!existsSync(join(folder, "sequence.yaml"))) {
    throw new Error(`${folder} is no folder of letters: it has no sequence.yaml`);
  }
  const { title, resume } = parseYaml(
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

function readLetter(path) {
  const source = readFileSync(path, "utf8").replaceAll("\r\n", "\n");
  const match = /^---\n([\s\S]*?)\n---\n/.exec(source);
  if (match === null) throw new Error(`${path} does not begin with front matter between --- lines`);
  return {
    letter: { status: "published", ...parseYaml(path, match[1]), markdown: source.slice(match[0].length) },
    offset: match[0].split("\n").length - 1,
  };
}

function parseYaml(path, source) {
  try {
    return parse(source);
  } catch (error) {
    throw new Error(`${path} cannot be read: ${error.message.split("\n")[0]}`);
  }
}
