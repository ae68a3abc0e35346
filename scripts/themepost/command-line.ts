import { CommanderError, InvalidArgumentError, Option, Command as Program } from "commander";
import { type Command, type Flags, type Groups, Misused } from "./command.ts";

/** What a command line asks for. */
export type Asked =
  | { readonly kind: "help"; readonly text: string }
  | {
      readonly kind: "run";
      readonly name: string;
      readonly command: Command;
      readonly words: readonly string[];
      readonly flags: Flags;
    };

/** All flags of all commands, as help shows them. */
const FLAGS: Readonly<Record<keyof Flags, readonly [flag: string, about: string]>> = {
  html: ["--html <file>", "write it as a page to print"],
  resume: ["--resume", "readers who had every letter carry on"],
  force: ["--force", "write over what's there already, or was changed elsewhere"],
  yes: ["--yes", "do it without asking"],
  run: ["--run <number>", "all letters of a run"],
  reason: ["--reason <why>", "of a run, those that ended for this reason"],
  people: ["--people <number>", "how many people it's for"],
  state: ["--state <state>", "pending, active or unsubscribed"],
  segment: ["--segment <number>", "a saved segment"],
  stop: ["--stop", "never email them"],
  ask: ["--ask <slug>", "ask each whether they want these letters"],
  saying: ["--saying <text>", "what you say above the question"],
  send: ["--send", "send real letters to Resend's test addresses"],
  to: ["--to <address>", "and one to someone at the desk"],
  url: ["--url <address>", "where it will be"],
  from: ["--from <address>", "the address that sends"],
  replyTo: ["--reply-to <address>", "where replies go"],
  key: ["--key <key>", "Resend's API key; better asked for than typed, because shells remember"],
  name: ["--name <name>", "of the newsletter"],
  author: ["--author <name>", "who writes it"],
  postal: ["--postal <address>", "for the foot of each letter"],
  instance: ["--instance <name>", "of the installation, where you have several (main)"],
  perDay: ["--per-day <number>", "how many are asked a day"],
};

/** How the command line is called. */
export const USAGE = "npx themepost";

/**
 * Reads a command line. --help or -h anywhere before -- asks for help and for nothing else. Throws a `Misused` for a command or flag that nobody
 * knows (with the one that was probably meant), a flag's value that is missing, and a word too many.
 */
export function readCommandLine(given: readonly string[], groups: Groups): Asked {
  // With npm's -- written twice, what looks like flags is still meant as flags.
  const args = given[0] === "--" ? given.slice(1) : given;
  const asked: Asked[] = [];
  const program = programOf(groups, (each) => asked.push(each));
  const end = args.indexOf("--");
  const ours = end < 0 ? args : args.slice(0, end);
  // Also where a flag would take it for its value.
  const wantsHelp = ours[0] === "help" || ours.includes("--help") || ours.includes("-h");
  if (wantsHelp || ours.length === 0) {
    const named = program.commands.find((command) => ours.includes(command.name()));
    return { kind: "help", text: (named ?? program).helpInformation().trimEnd() };
  }
  try {
    program.parse([...args], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // No command, and nothing that's wrong.
    if (error.code === "commander.help") return { kind: "help", text: program.helpInformation().trimEnd() };
    const named = program.commands.find((command) => ours.includes(command.name()));
    throw new Misused(said(error, named?.name()));
  }
  const [found] = asked;
  if (found === undefined) throw new Misused(`Which command? ${USAGE} help lists them.`);
  return found;
}

/** Whether the answer is for a program: as JSON, errors too. */
export function wantsJson(args: readonly string[]): boolean {
  const end = args.indexOf("--", 1);
  return (end < 0 ? args : args.slice(0, end)).includes("--json");
}

/** The profile that's asked for; undefined for none. */
export function profileIn(args: readonly string[]): string | undefined {
  const place = args.indexOf("--profile");
  return place < 0
    ? args.find((arg) => arg.startsWith("--profile="))?.slice("--profile=".length)
    : args[place + 1];
}

function programOf(groups: Groups, take: (asked: Asked) => void): Program {
  const program = new Program(USAGE)
    .usage("COMMAND")
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .showSuggestionAfterError()
    .helpCommand(false)
    .configureHelp({
      subcommandTerm: (sub) => sub.name() + (argsIn(groups, sub.name()) && ` ${argsIn(groups, sub.name())}`),
      showGlobalOptions: true,
    })
    .addOption(new Option("--json", "print the raw answer, errors too"))
    .addOption(
      new Option("--profile <name>", "which installation (profiles lists them)").argParser(once("--profile")),
    )
    .addHelpText(
      "after",
      `\n${USAGE} COMMAND --help says more about one. Put words that begin with a dash after --.`,
    );
  for (const [title, commands] of Object.entries(groups)) {
    program.commandsGroup(`${title}:`);
    for (const [name, command] of Object.entries(commands)) add(program, name, command, take);
  }
  return program;
}

function argsIn(groups: Groups, name: string): string {
  return Object.values(groups).find((commands) => Object.hasOwn(commands, name))?.[name]?.args ?? "";
}

function add(program: Program, name: string, command: Command, take: (asked: Asked) => void): void {
  const { about, args = "" } = command;
  const sub = program.command(name).description(about).usage(usageOf(command));
  // Which words it can't do without, a command says itself, with an example.
  for (const word of args.split(" ").filter(Boolean)) sub.argument(word.replace(/^<(.*)>$/, "[$1]"));
  for (const flag of flagsOf(command)) {
    const [written, says] = FLAGS[flag];
    const option = new Option(written, says);
    sub.addOption(written.includes("<") ? option.argParser(once(option.long ?? flag)) : option);
  }
  sub.allowExcessArguments(false).action(() => {
    take({ kind: "run", name, command, words: sub.args, flags: sub.opts() });
  });
}

function usageOf(command: Command): string {
  return [command.args ?? "", ...flagsOf(command).map((flag) => `[${FLAGS[flag][0]}]`)]
    .filter(Boolean)
    .join(" ");
}

function flagsOf({ flags = [], risk }: Command): readonly (keyof Flags)[] {
  return risk === undefined ? flags : [...flags, "yes"];
}

/** A flag's value, given once, and not another flag by mistake. */
function once(flag: string) {
  return (value: string, before: string | undefined) => {
    if (value === "" || value.startsWith("-")) throw new InvalidArgumentError(`${flag} needs a value.`);
    if (before !== undefined) throw new InvalidArgumentError(`${flag} is given twice.`);
    return value;
  };
}

/** What's wrong, as a sentence with what was probably meant below it. */
function said({ message }: CommanderError, command: string | undefined): string {
  const sentence = message.replace(/^error: /, "");
  const see = command === undefined ? `${USAGE} help` : `${USAGE} ${command} --help`;
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}\nSee: ${see}`;
}
