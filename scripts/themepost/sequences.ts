import { basename } from "node:path";
import { messageOf } from "../project.ts";
import { type Published, type Sent, sendFolder, summary } from "../publish.ts";
import { type Command, type Given, Refused, shown, textOf } from "./command.ts";
import { localTime, table } from "./show.ts";

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
  words: 2,
  flags: ["resume"],
  run: async (given) => {
    const { slug, answer, warned } = await sendLetters<Preview>(given, "POST", "/preview");
    return shown(answer, () => [
      ...warned,
      answer.known
        ? `${answer.readers} readers are in “${slug}”.`
        : `There is no sequence “${slug}” yet: publishing makes a new one, and nobody can sign up for it yet. Another name? preview FOLDER SLUG`,
      answer.welcome === "changed" ? "The welcome changes for people who confirm from then on." : "",
      answer.resuming > 0 ? `${answer.resuming} readers who had everything go on.` : "",
      answer.steps.length === 0
        ? "No step changes."
        : table(answer.steps, {
            step: (step) => step.slug,
            change: (step) => step.change,
            "get it next": (step) => step.next,
            "get it later": (step) => step.later,
            "do not get it": (step) => step.not,
          }),
      "A draft counts as if it were published; readers who come to it wait there until it is.",
    ]);
  },
};

export const publish: Command = {
  words: 2,
  flags: ["resume"],
  run: async (given) => {
    const { slug, answer, warned } = await sendLetters<Published>(given, "PUT", "");
    return shown(answer, () => [
      ...warned,
      `${slug}: ${summary(answer.steps)}${answer.resumed > 0 ? `; ${answer.resumed} readers go on` : ""}.`,
      "npm start and npm run deploy publish emails/sequences/strengthening-bonds: keep your edits there.",
    ]);
  },
};

export const sequences: Command = {
  words: 0,
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

/** Sends a folder of letters; its faults are told with file and line. */
async function sendLetters<Answer>(
  { service, words: [folder, name], flags }: Given,
  method: "PUT" | "POST",
  path: string,
): Promise<Sent<Answer> & { readonly slug: string }> {
  if (folder === undefined)
    throw new Refused("Which folder? For instance emails/sequences/strengthening-bonds");
  const slug = name ?? basename(folder);
  const resume = flags.resume === true;
  try {
    return { slug, ...(await sendFolder<Answer>({ ...service(), folder, slug, method, path, resume })) };
  } catch (error) {
    throw new Refused(messageOf(error));
  }
}

function archiving(what: "archive" | "unarchive"): Command {
  return {
    words: 1,
    run: async ({ admin, words }) => {
      const sequence = await admin<Sequence>("POST", `/sequences/${textOf(words, "which sequence")}/${what}`);
      return shown(sequence, () => [
        sequence.archived_at === null
          ? `“${sequence.title}” takes new readers.`
          : `“${sequence.title}” takes no new readers. Those who are in it go on.`,
      ]);
    },
  };
}
