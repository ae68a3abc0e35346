import { basename, resolve } from "node:path";
import { sendFolder } from "../content/publish.ts";
import { type Command, shown, textOf } from "./command.ts";
import { folderIn, refusedBy } from "./content.ts";
import { localTime, quantity, table } from "./show.ts";

type Sequence = {
  readonly slug: string;
  readonly title: string;
  readonly steps: number;
  readonly published_at: string;
  readonly archived_at: string | null;
};

type Preview = {
  readonly known: boolean;
  readonly readers: number;
  readonly welcome: string;
  readonly resuming: number;
  readonly steps: readonly {
    readonly slug: string;
    readonly change: string;
    readonly next: number;
    readonly later: number;
    readonly not: number;
  }[];
};

export const preview: Command = {
  about: "what publishing a folder of letters would mean for readers",
  args: "<folder> [slug]",
  flags: ["resume"],
  run: async (given) => {
    const folder = given.at(folderIn(given.words));
    const slug = given.words[1] ?? basename(resolve(folder));
    const more = given.flags.resume === true ? { resume: true } : {};
    const sent = { ...given.service(), folder, slug, method: "POST", path: "/preview", more } as const;
    const { answer, warned } = await refusedBy(() => sendFolder<Preview>(sent));
    return shown(answer, () => [
      ...warned,
      answer.known
        ? `“${slug}” has ${quantity(answer.readers, "reader")}.`
        : `There's no sequence “${slug}” yet. Publishing creates it, and no one can sign up for it yet. To use another name: preview FOLDER SLUG`,
      answer.welcome === "changed" ? "The welcome changes for people who confirm from then on." : "",
      answer.resuming > 0 ? `Readers who had every letter and now carry on: ${answer.resuming}.` : "",
      answer.steps.length === 0
        ? "No steps change."
        : table(answer.steps, {
            step: (step) => step.slug,
            change: (step) => step.change,
            "get it next": (step) => step.next,
            "get it later": (step) => step.later,
            "don't get it": (step) => step.not,
          }),
      "A draft counts as published here; readers who reach it wait until it is.",
    ]);
  },
};

export const sequences: Command = {
  about: "published sequences",
  run: async ({ list }) => {
    const all = await list<Sequence>("/sequences");
    return shown(all, () => [
      all.data.length === 0
        ? "No sequences yet. Publish one: publish FOLDER"
        : table(all.data, {
            slug: (sequence) => sequence.slug,
            title: (sequence) => sequence.title,
            letters: (sequence) => sequence.steps,
            published: (sequence) => localTime(sequence.published_at),
            state: (sequence) => (sequence.archived_at === null ? "open" : "archived"),
          }),
    ]);
  },
};

export const archive = archiving("archive");
export const unarchive = archiving("unarchive");

function archiving(what: "archive" | "unarchive"): Command {
  return {
    about:
      what === "archive" ? "close a sequence to new readers" : "open a closed sequence to new readers again",
    args: "<slug>",
    run: async ({ admin, words }) => {
      const sequence = await admin<Sequence>("POST", `/sequences/${textOf(words, "which sequence")}/${what}`);
      return shown(sequence, () => [
        sequence.archived_at === null
          ? `“${sequence.title}” is open to new readers.`
          : `“${sequence.title}” is closed to new readers. Current readers carry on.`,
      ]);
    },
  };
}
