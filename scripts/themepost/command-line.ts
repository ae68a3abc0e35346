import { parseArgs } from "node:util";
import { type Command, type Flags, Misused } from "./command.ts";
import { usageOf } from "./usage.ts";

/** What a command line asks for. */
export type Asked =
  | { readonly kind: "help"; readonly command: string | null }
  | { readonly kind: "unknown"; readonly command: string }
  | {
      readonly kind: "run";
      readonly command: Command;
      readonly words: readonly string[];
      readonly flags: Flags;
      readonly asJson: boolean;
    };

/** All flags of all commands. */
const FLAGS = {
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
  html: { type: "boolean" },
  resume: { type: "boolean" },
  force: { type: "boolean" },
  yes: { type: "boolean" },
  run: { type: "string" },
  reason: { type: "string" },
  people: { type: "string" },
} as const;

/**
 * Reads a command line. --help or -h anywhere before -- asks for help and for nothing else. Throws a `Misused` for a flag that
 * isn't the command's, a flag's value that is missing or too much, and a word too many.
 */
export function readCommandLine(
  given: readonly string[],
  commands: Readonly<Record<string, Command>>,
): Asked {
  // With npm's -- written twice, what looks like flags is still meant as flags.
  const args = given[0] === "--" ? given.slice(1) : given;
  const { values, tokens, positionals } = parseArgs({
    args: [...args],
    options: FLAGS,
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  const [name, ...words] = positionals;
  const options = tokens.filter((token) => token.kind === "option");
  // Also where a flag would take it for its value.
  const end = args.indexOf("--");
  const ours = end < 0 ? args : args.slice(0, end);
  if (name === "help" || ours.includes("--help") || ours.includes("-h") || values.help !== undefined)
    return { kind: "help", command: name === "help" ? null : (name ?? null) };
  const stray = options.find((option) => option.name !== "json")?.rawName;
  if (name === undefined)
    return stray === undefined ? { kind: "help", command: null } : { kind: "unknown", command: stray };
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) return { kind: "unknown", command: name };
  const flags = readFlags(name, command, options);
  const surplus = words[command.words];
  if (surplus !== undefined)
    throw new Misused(`“${surplus}” is one word too many for ${name}:\n\n${usageOf(name)}`);
  return { kind: "run", command, words, flags, asJson: options.some((option) => option.name === "json") };
}

const EXAMPLES = { run: "12", reason: "no_answer", people: "1204" } as const;

type Option = { readonly name: string; readonly rawName: string; readonly value?: string | undefined };

function readFlags(name: string, command: Command, options: readonly Option[]): Flags {
  const own = command.flags ?? [];
  const taken = [...own, "json", "help"].map((flag) => `--${flag}`);
  const flags: { -readonly [Name in keyof Flags]: Flags[Name] } = {};
  for (const { name: flag, rawName, value } of options) {
    const ownFlag = own.find((each) => each === flag);
    if (ownFlag === undefined && flag !== "json") {
      throw new Misused(
        `${name} doesn't take ${rawName}, only ${listed(taken)}. Put words that begin with a dash after --.`,
      );
    }
    if (ownFlag === "run" || ownFlag === "reason" || ownFlag === "people") {
      if (value === undefined || value === "" || value.startsWith("-"))
        throw new Misused(`${rawName} needs a value, for instance: ${rawName} ${EXAMPLES[ownFlag]}`);
      if (flags[ownFlag] !== undefined) throw new Misused(`${rawName} is given twice.`);
      flags[ownFlag] = value;
    } else {
      if (value !== undefined) throw new Misused(`${rawName} doesn't take a value, but got “${value}”.`);
      if (ownFlag !== undefined) flags[ownFlag] = true;
    }
  }
  return flags;
}

function listed(names: readonly string[]): string {
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
