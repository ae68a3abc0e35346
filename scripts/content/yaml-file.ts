import { isMap, isScalar, LineCounter, parseDocument, visit } from "yaml";
import { FolderFaults } from "./text-file.ts";

/** A document of YAML as it was read, with where its values stand. */
export type YamlFile = {
  /** The file's name, as faults tell it. */
  readonly name: string;
  readonly value: Readonly<Record<string, unknown>>;
  /** The line of a value in the file, by its path; that of the nearest value around it where it isn't there. */
  readonly lineOf: (path: readonly string[]) => number | null;
};

/** What the reader of YAML says, in plain words. */
const PLAIN: Readonly<Record<string, string>> = {
  BLOCK_AS_IMPLICIT_KEY: "has a colon and a blank inside its text. Put the whole text in quotes.",
  MISSING_CHAR:
    "has a quote that isn't closed, or one in its middle. Put the whole text in quotes, and \\\" for one inside.",
  TAB_AS_INDENT: "is indented by a tab. Use blanks.",
  BAD_INDENT: "is indented otherwise than the lines around it.",
  DUPLICATE_KEY: "says the same thing a second time. Keep one of the two.",
  BAD_SCALAR_START: "begins with a character that means something in YAML. Put the whole text in quotes.",
  UNEXPECTED_TOKEN: "isn't `name: value`. Put the text in quotes if it has special characters.",
  BAD_ALIAS: "begins with a *. Put the whole text in quotes.",
  MULTILINE_IMPLICIT_KEY: "isn't `name: value`. Is a colon missing, or a quote not closed?",
};

/** Reads YAML that begins `offset` lines into its file. Throws `FolderFaults` with the file's own lines where it can't be understood. */
export function readYaml(name: string, source: string, offset: number): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false });
  const at = (place: number) => lines.linePos(place).line + offset;
  const faults = document.errors.map(({ code, pos, message }) => {
    const said = PLAIN[code] ?? `can't be understood: ${message.split("\n")[0]}`;
    return `${name}:${at(pos[0])}  ${said}`;
  });
  visit(document, {
    Pair: (_, { key, value }) => {
      const plain = isScalar(value) && (value.type === "PLAIN" || value.type === undefined);
      if (!plain || typeof value.value !== "string" || value.comment == null || value.comment === "") return;
      const line = at(value.range?.[0] ?? 0);
      faults.push(
        `${name}:${line}  ${String(key)} ends at its #, because that begins a comment. Put the whole text in quotes.`,
      );
    },
  });
  if (faults.length === 0 && document.contents !== null && !isMap(document.contents))
    faults.push(`${name}:${1 + offset}  must be lines of \`name: value\`.`);
  if (faults.length > 0) throw new FolderFaults(faults);
  const lineOf = (path: readonly string[]): number | null => {
    for (let length = path.length; length > 0; length -= 1) {
      const keys = path.slice(0, length).map((key) => (/^\d+$/.test(key) ? Number(key) : key));
      const node = document.getIn(keys, true) as { range?: readonly number[] } | undefined;
      if (node?.range?.[0] !== undefined) return at(node.range[0]);
    }
    return null;
  };
  return { name, value: (document.toJS() ?? {}) as Record<string, unknown>, lineOf };
}
