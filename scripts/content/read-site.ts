import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { FolderFaults, readText } from "./text-file.ts";
import { readYaml } from "./yaml-file.ts";

/** The name of a site's file in its folder, and of the folder of its sequences. */
const SITE = "site.yaml";
const SEQUENCES = "sequences";

/** A site as the body of PUT /api/v1/admin/site, with where its values stand. */
export type SiteFile = {
  /** Without the author's picture, which has to be added first. */
  readonly body: Readonly<Record<string, unknown>>;
  /** The author's picture, where the site names one beside it. */
  readonly picture: { readonly name: string; readonly file: Uint8Array } | null;
  /** `site.yaml`, or with the line of what the path names. */
  readonly placeOf: (path: readonly string[]) => string;
};

/** A folder of a whole newsletter: its site, where it has one, and the folders of its sequences by slug. */
export type ContentFolder = {
  readonly site: SiteFile | null;
  readonly sequences: ReadonlyArray<{ readonly slug: string; readonly folder: string }>;
};

/** Finds what a folder has: `site.yaml` and `sequences/<slug>/`. Throws `FolderFaults` where it has neither, or the site can't be read. */
export function readContent(folder: string): ContentFolder {
  const below = join(folder, SEQUENCES);
  const slugs = existsSync(below)
    ? readdirSync(below)
        .filter((name) => !name.startsWith(".") && statSync(join(below, name)).isDirectory())
        .sort()
    : [];
  const site = existsSync(join(folder, SITE)) ? readSiteFile(folder) : null;
  if (site === null && slugs.length === 0)
    throw new FolderFaults([`${folder} has neither ${SITE} nor ${SEQUENCES}/. Is it the right folder?`]);
  return { site, sequences: slugs.map((slug) => ({ slug, folder: join(below, slug) })) };
}

function readSiteFile(folder: string): SiteFile {
  const { value, lineOf } = readYaml(SITE, readText(join(folder, SITE), SITE), 0);
  const placeOf = (path: readonly string[]) => {
    const line = lineOf(path);
    return line === null ? SITE : `${SITE}:${line}`;
  };
  const { author } = value;
  if (typeof author !== "object" || author === null || !("picture" in author))
    return { body: value, picture: null, placeOf };
  const { picture: name, ...rest } = author;
  const path = join(folder, String(name));
  if (typeof name !== "string" || basename(name) !== name || !existsSync(path))
    throw new FolderFaults([
      `${placeOf(["author", "picture"])}  names ${JSON.stringify(name)}, which isn't beside ${SITE}. Put the file there, or take the line out.`,
    ]);
  return { body: { ...value, author: rest }, picture: { name, file: readFileSync(path) }, placeOf };
}
