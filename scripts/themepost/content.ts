// A newsletter as a folder: publish it, take it back from the service, begin one.

import { existsSync, readdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { picturesNamed } from "../../src/platform/links/picture-name.ts";
import { beginFolder } from "../content/begin.ts";
import {
  type Published,
  publishSite,
  type SitePublished,
  sendFolder,
  siteLine,
  summary,
} from "../content/publish.ts";
import { readContent } from "../content/read-site.ts";
import { writeContent } from "../content/write-content.ts";
import { messageOf } from "../project.ts";
import { type Command, type Given, Misused, Refused, shown } from "./command.ts";
import { quantity } from "./show.ts";

/** The folder that a command's first word names. */
export function folderIn([folder]: readonly string[]): string {
  if (folder === undefined) throw new Misused("Which folder? For instance my-letters, with its site.yaml");
  return folder;
}

/** Does something with a folder or the service; what's wrong with either is told as a refusal. */
export async function refusedBy<T>(doing: () => Promise<T> | T): Promise<T> {
  try {
    return await doing();
  } catch (error) {
    if (error instanceof Refused) throw error;
    throw new Refused(messageOf(error));
  }
}

/** Whether a folder is a whole newsletter rather than the letters of one sequence. */
function isNewsletter(folder: string): boolean {
  return existsSync(join(folder, "site.yaml")) || existsSync(join(folder, "sequences"));
}

export const publish: Command = {
  about: "publish a whole newsletter, or the letters of one sequence",
  args: "<folder> [slug]",
  flags: ["resume", "force"],
  run: async (given) => {
    const folder = given.at(folderIn(given.words));
    const [, name] = given.words;
    if (!isNewsletter(folder)) {
      const { answer, lines } = await publishLetters(given, folder, name ?? basename(resolve(folder)));
      return shown(answer, () => lines);
    }
    if (name !== undefined) throw new Misused("A whole newsletter takes no name: its sequences have theirs.");
    const { site, sequences } = await refusedBy(() => readContent(folder));
    const lines: string[] = [];
    let ofSite: SitePublished | null = null;
    if (site !== null) {
      const edition = { origin: "files", force: given.flags.force === true } as const;
      const sent = await refusedBy(() => publishSite(given.service(), site, edition, console.error));
      ofSite = sent.answer;
      lines.push(`${siteLine(sent)}.`);
    }
    const done: Record<string, Published> = {};
    for (const { slug, folder: letters } of sequences) {
      const sent = await publishLetters(given, letters, slug);
      done[slug] = sent.answer;
      lines.push(...sent.lines);
    }
    return shown({ site: ofSite, sequences: done }, () => lines);
  },
};

async function publishLetters({ service, flags }: Given, folder: string, slug: string) {
  const order: string[] = [];
  const more = {
    origin: "files",
    force: flags.force === true,
    ...(flags.resume === true ? { resume: true } : {}),
  };
  const sent = { ...service(), folder, slug, method: "PUT", path: "", more } as const;
  const { answer, warned } = await refusedBy(() =>
    sendFolder<Published>({
      ...sent,
      onRead: ({ files, unread }) => {
        order.push(...files.map((name, place) => `  ${place === 0 ? "–" : place}  ${name}`));
        if (unread.length > 0) order.push(`  Not read: ${unread.join(", ")}`);
      },
    }),
  );
  const resumed = answer.resumed > 0 ? `; resumed ${quantity(answer.resumed, "reader")}` : "";
  return { answer, lines: [`${slug}: ${summary(answer.steps)}${resumed}.`, ...order, ...warned] };
}

export const pull: Command = {
  about: "write what's published into a folder",
  args: "<folder>",
  flags: ["force"],
  run: async ({ admin, list, service, words, flags, at }) => {
    const folder = at(folderIn(words));
    const filled = existsSync(folder) && readdirSync(folder).some((name) => !name.startsWith("."));
    if (filled && flags.force !== true)
      throw new Refused(`${folder} isn't empty. Name a new folder, or add --force to write over its files.`);
    const { data } = await list<{ slug: string }>("/sequences");
    const sequences: Record<string, unknown>[] = [];
    for (const { slug } of data) sequences.push(await admin("GET", `/sequences/${slug}`));
    const site = await admin<Record<string, unknown>>("GET", "/site");
    const { url } = service();
    const pictures = new Map<string, Uint8Array>();
    for (const name of picturesNamed(JSON.stringify(sequences))) pictures.set(name, await fileOf(url, name));
    const content = { site, picture: await pictureOf(site, url), sequences, pictures };
    const written = await refusedBy(() => writeContent(folder, content));
    return shown({ folder, files: written }, () => [
      `Wrote ${quantity(written.length, "file")} to ${folder}.`,
      ...written.map((name) => `  ${name}`),
    ]);
  },
};

/** The picture of a site's author, from the service; null where it has none. */
async function pictureOf(site: Readonly<Record<string, unknown>>, url: string) {
  const { picture } = (site.author ?? {}) as { readonly picture?: string };
  if (picture === undefined) return null;
  return { kind: picture.split(".").at(-1) ?? "", file: await fileOf(url, picture) };
}

async function fileOf(url: string, picture: string): Promise<Uint8Array> {
  const answer = await fetch(`${url}/pictures/${picture}`);
  if (!answer.ok) throw new Refused(`${url} doesn't give the picture ${picture} (${answer.status}).`);
  return new Uint8Array(await answer.arrayBuffer());
}

/** The command `new`. */
export const begin: Command = {
  about: "begin a newsletter of your own in a new folder",
  args: "<slug>",
  run: async ({ words: [slug], at }) => {
    if (slug === undefined || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug) || slug.length > 60)
      throw new Misused(
        "Give your newsletter a short name of lower-case words, for instance: new my-letters",
      );
    const folder = at(slug);
    if (existsSync(folder)) throw new Refused(`${folder} is there already. Choose another name.`);
    const written = beginFolder(folder, slug);
    return shown({ folder, files: written }, () => [
      `Began ${folder}:`,
      ...written.map((name) => `  ${name}`),
      "Write over what's there, then publish it:",
      `  npx themepost publish ${slug}`,
    ]);
  },
};
