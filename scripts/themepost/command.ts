import type { Api } from "./api.ts";

/** The flags that some commands take; every command takes --json and --help besides. */
export type Flags = {
  readonly html?: boolean;
  readonly resume?: boolean;
  readonly force?: boolean;
  readonly yes?: boolean;
  readonly run?: string;
  readonly reason?: string;
  readonly people?: string;
};

/** What a command works with: the API, and the words and flags behind its name. */
export type Given = Api & { readonly words: readonly string[]; readonly flags: Flags };

/** An answer, and how it's told in lines; those that are empty are left out. */
export type Shown = { readonly answer: unknown; readonly lines: () => readonly string[] };

/** A command: how many words it takes at most, and which flags. It says itself which words it needs. */
export type Command = {
  readonly words: number;
  readonly flags?: readonly (keyof Flags)[];
  readonly run: (given: Given) => Promise<Shown>;
};

/** For commands whose words are a free text, or a list. */
export const ANY_NUMBER = Number.POSITIVE_INFINITY;

/** Something that can't be done, in a sentence for the owner. */
export class Refused extends Error {}

/** A command line that makes no sense, in a sentence for the owner. Nothing was asked of the service. */
export class Misused extends Error {}

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

/** "3 accepted, 1 held", without what there is none of; "none". */
export function counts(of: Readonly<Record<string, number | boolean>>): string {
  const parts = Object.entries(of).flatMap(([name, n]) => (n === 0 ? [] : [`${n} ${name}`]));
  return parts.join(", ") || "none";
}
