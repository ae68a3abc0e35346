import type { Api } from "./api.ts";

/** The flags that some commands take; every command takes --json, --profile and --help besides. */
export type Flags = {
  readonly html?: string;
  readonly resume?: boolean;
  readonly force?: boolean;
  readonly yes?: boolean;
  readonly run?: string;
  readonly reason?: string;
  readonly people?: string;
  readonly state?: string;
  readonly segment?: string;
  readonly stop?: boolean;
  readonly ask?: string;
  readonly saying?: string;
  readonly perDay?: string;
  readonly send?: boolean;
  readonly to?: string;
  readonly url?: string;
  readonly from?: string;
  readonly replyTo?: string;
  readonly key?: string;
  readonly name?: string;
  readonly author?: string;
  readonly postal?: string;
  readonly instance?: string;
};

/** What a command works with: the API, the words and flags behind its name, and files where the command was called. */
export type Given = Api & {
  readonly words: readonly string[];
  readonly flags: Flags;
  /** A path as it was typed, as an absolute one. */
  readonly at: (path: string) => string;
  /** Asks someone, where there's someone to ask. */
  readonly ask?: (question: string) => Promise<string>;
};

/** An answer, and how it's told in lines; those that are empty are left out. `failed` where the answer is that something is wrong. */
export type Shown = {
  readonly answer: unknown;
  readonly lines: () => readonly string[];
  readonly failed?: boolean;
};

/** A command, with what --help says about it. It says itself which of its words it can't do without. */
export type Command = {
  readonly about: string;
  /** Its words, as `<what it needs>`, `[what it may take]` and `[as many as you like...]`; none where that's missing. */
  readonly args?: string;
  readonly flags?: readonly (keyof Flags)[];
  /** What can't be undone about it, as a question; asked unless --yes is given. */
  readonly risk?: (given: Pick<Given, "words" | "flags">) => string;
  readonly run: (given: Given) => Promise<Shown>;
};

/** Commands by name under the title that help shows above them. */
export type Groups = Readonly<Record<string, Readonly<Record<string, Command>>>>;

/** Why something isn't done, and the exit code of each. */
export const EXIT_CODES = {
  /** The service says no, or a file does; or doctor found something wrong. */
  refused: 1,
  /** The command line makes no sense. */
  misused: 2,
  /** Nothing answers. */
  unreachable: 3,
  /** The token isn't the service's. */
  token: 4,
  /** It can't be undone, and nobody said yes. */
  unconfirmed: 5,
} as const;

/** Something that can't be done, in a sentence for the owner; with what a program may want to know of it. */
export class Refused extends Error {
  readonly kind: keyof typeof EXIT_CODES;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    message: string,
    kind: keyof typeof EXIT_CODES = "refused",
    details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.kind = kind;
    this.details = details;
  }
}

/** A command line that makes no sense, in a sentence for the owner. Nothing was asked of the service. */
export class Misused extends Refused {
  constructor(message: string) {
    super(message, "misused");
  }
}

export function shown(answer: unknown, lines: () => readonly string[]): Shown {
  return { answer, lines };
}

/** Ids from words. */
export function numbers(
  words: readonly string[],
  what = "the letters' numbers, for instance: 12 13 14",
): readonly number[] {
  const ids = words.map(Number);
  if (ids.length === 0 || ids.some((id) => !Number.isInteger(id) || id < 1)) {
    throw new Misused(`Give ${what}`);
  }
  return ids;
}

/** A run's id from the first word. */
export function runIn(words: readonly string[]): number {
  return numbers(words, "a run's number, for instance: 12 (runs lists them)")[0] ?? 0;
}

/** Words as one text. */
export function textOf(words: readonly string[], what: string): string {
  if (words.length === 0) throw new Misused(`Say ${what}.`);
  return words.join(" ");
}

/** A name of the service's in words: "bounce_share" as "bounce share". */
export function inWords(code: string): string {
  return code.replaceAll("_", " ");
}

/** "3 accepted, 1 held", without what there is none of; "none". */
export function counts(of: Readonly<Record<string, number | boolean>>): string {
  const parts = Object.entries(of).flatMap(([name, n]) => (n === 0 ? [] : [`${n} ${inWords(name)}`]));
  return parts.join(", ") || "none";
}
