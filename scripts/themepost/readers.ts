// Many readers at once: a list, a file of them, and a file of people to bring along or to stop.
import { createWriteStream, existsSync, readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { List } from "./api.ts";
import { type Command, counts, type Given, inWords, Misused, numbers, Refused, shown } from "./command.ts";
import { localTime, quantity, table } from "./show.ts";

type Subscriber = {
  readonly id: number;
  readonly address: string;
  readonly state: string;
  readonly first_name: string;
  readonly created_at: string;
};

const SHOWN = 50;
const STATES = ["pending", "active", "unsubscribed"];

export const readers: Command = {
  about: "the newest readers; --state or --segment narrows them down",
  flags: ["state", "segment"],
  run: async ({ admin, flags }) => {
    if (flags.state !== undefined && !STATES.includes(flags.state))
      throw new Misused(`--state is one of: ${STATES.join(", ")}`);
    const query = new URLSearchParams({
      limit: String(SHOWN),
      ...(flags.state === undefined ? {} : { state: flags.state }),
      ...(flags.segment === undefined ? {} : { segment: String(segmentIn(flags)) }),
    });
    const list = await admin<List<Subscriber>>("GET", `/subscribers?${query}`);
    return shown(list, () => [
      list.data.length === 0
        ? list.has_more
          ? "None of the newest people match; there may be older ones. The desk shows them page by page."
          : "No readers like that."
        : table(list.data, {
            number: ({ id }) => id,
            address: ({ address }) => address,
            name: ({ first_name }) => first_name,
            state: ({ state }) => state,
            "signed up": ({ created_at }) => localTime(created_at),
          }),
      list.has_more && list.data.length > 0 ? "There are more. For all of them: export FILE.csv" : "",
    ]);
  },
};

function segmentIn({ segment }: Given["flags"]): number | null {
  return segment === undefined
    ? null
    : (numbers([segment], "--segment as a number (segments lists them)")[0] ?? null);
}

/** The command `export`. */
export const exportReaders: Command = {
  about: "write all readers, or those of a segment, into a CSV file",
  args: "<file.csv>",
  flags: ["segment", "force"],
  run: async ({ file: load, words: [name], flags, at }) => {
    if (name === undefined) throw new Misused("Into which file? For instance: export readers.csv");
    const path = at(name);
    if (existsSync(path) && flags.force !== true)
      throw new Refused(`${path} is there already. Name another file, or add --force to write over it.`);
    if (!existsSync(dirname(path))) throw new Refused(`There's no folder ${dirname(path)}.`);
    const body = await load("POST", "/subscribers/export", { segment: segmentIn(flags) });
    try {
      await pipeline(Readable.from(body), createWriteStream(path, { mode: 0o600 }));
    } catch {
      throw new Refused(`The file broke off while it was sent, so ${path} isn't whole. Run it again.`);
    }
    return shown({ file: path }, () => [
      `Saved as ${path}. It has people's addresses: keep it safe, and delete it when you're done.`,
    ]);
  },
};

type Import = {
  readonly id: number;
  readonly state: string;
  readonly file: string;
  readonly intent: "ask" | "stop";
  readonly sequence: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly people: number;
  readonly parts: { readonly done: number; readonly total: number | null };
  readonly unusable: readonly { readonly line: number; readonly why: string }[];
  readonly created_at: string;
};

const LOOK_EVERY_MS = 1000;
const BEING_CHECKED = ["taking", "checking"];

/** The command `import`: takes a file and says what it would do. */
export const importReaders: Command = {
  about:
    "take a CSV file of people to --stop, or to --ask whether they want a sequence's letters; says first what it would do",
  args: "<file.csv>",
  flags: ["stop", "ask", "saying", "perDay"],
  run: async ({ admin, words: [name], flags, at }) => {
    const { stop, ask, saying = "", perDay } = flags;
    if (name === undefined || (stop === true) === (ask !== undefined))
      throw new Misused("For instance: import old-list.csv --stop, or: import old-list.csv --ask my-letters");
    const path = at(name);
    if (!existsSync(path)) throw new Refused(`There's no file ${path}.`);
    const begun = await admin<Import>("POST", "/imports", {
      name: basename(path),
      data: readFileSync(path).toString("base64"),
      ...(ask === undefined ? { intent: "stop" } : { intent: "ask", sequence: ask, words: saying }),
      ...(perDay === undefined ? {} : { per_day: numbers([perDay], "--per-day as a number")[0] }),
    });
    const checked = await untilChecked(admin, begun);
    return shown(checked, () => told(checked));
  },
};

async function untilChecked(admin: Given["admin"], begun: Import): Promise<Import> {
  for (let now = begun; ; now = await admin<Import>("GET", `/imports/${begun.id}`)) {
    if (!BEING_CHECKED.includes(now.state)) return now;
    if (now.parts.total !== null && process.stderr.isTTY)
      process.stderr.write(`\rChecking ${now.parts.done} of ${now.parts.total} parts …`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

const OUTCOMES: Readonly<Record<string, string>> = {
  ask: "to ask",
  suppress: "to stop",
  same: "here already",
  kept: "who left or were stopped here",
};

const DONE: Readonly<Record<string, string>> = { ...OUTCOMES, ask: "asked", suppress: "stopped" };
const AHEAD = ["taking", "checking", "ready"];

/** An import's counts under words: `ask` as "to ask" or "asked", and `unusable_bad_address` as "unusable (bad address)". */
function byOutcome({ counts: counted, state }: Import): Import["counts"] {
  const words = AHEAD.includes(state) ? OUTCOMES : DONE;
  return Object.fromEntries(
    Object.entries(counted).map(([outcome, many]) => [
      words[outcome] ?? outcome.replace(/^unusable_(.*)$/, (_, why: string) => `unusable (${inWords(why)})`),
      many,
    ]),
  );
}

function told(of: Import): readonly string[] {
  const does = of.intent === "ask" ? `are asked for ${of.sequence}` : "are stopped for good";
  const ready = of.state === "ready";
  return [
    `Import ${of.id} (${of.file}) is ${of.state}: ${counts(byOutcome(of))}.`,
    ...of.unusable.map(({ line, why }) => `  Line ${line} can't be used: ${inWords(why)}.`),
    ready && of.people > 0
      ? `${quantity(of.people, "person", "people")} ${does}. Nothing has happened yet. To go on: run-import ${of.id} --people ${of.people}`
      : "",
    ready && of.people === 0 ? "There's nothing to do." : "",
  ];
}

export const imports: Command = {
  about: "the latest imports; one of them by its number",
  args: "[number]",
  run: async ({ admin, words }) => {
    if (words.length > 0) {
      const found = await admin<Import>("GET", `/imports/${importIn(words)}`);
      return shown(found, () => told(found));
    }
    const all = await admin<List<Import>>("GET", "/imports");
    return shown(all, () => [
      all.data.length === 0
        ? "No imports yet. Begin one: import FILE.csv --stop, or --ask SEQUENCE"
        : table(all.data, {
            number: ({ id }) => id,
            file: ({ file }) => file,
            does: ({ intent, sequence }) => (intent === "ask" ? `asks for ${sequence}` : "stops"),
            state: ({ state }) => state,
            people: ({ people }) => people,
            begun: ({ created_at }) => localTime(created_at),
          }),
    ]);
  },
};

function importIn(words: readonly string[]): number {
  return numbers(words, "an import's number (imports lists them)")[0] ?? 0;
}

export const runImport: Command = {
  about: "set an import going, once you've seen what it would do",
  args: "<number>",
  flags: ["people"],
  risk: ({ words }) => `Import ${importIn(words)} stops people, or writes to them. What's done stays.`,
  run: async ({ admin, words, flags }) => {
    const people =
      flags.people === undefined ? {} : { people: numbers([flags.people], "--people as a number")[0] };
    const found = await admin<Import>("POST", `/imports/${importIn(words)}/run`, people);
    return shown(found, () => [`It's running. To see how far it is: imports ${found.id}`]);
  },
};

export const stopImport: Command = {
  about: "stop an import where it is; what's done stays",
  args: "<number>",
  run: async ({ admin, words }) => {
    const found = await admin<Import>("POST", `/imports/${importIn(words)}/stop`);
    return shown(found, () => told(found));
  },
};
