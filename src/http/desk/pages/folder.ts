import type { Context } from "hono";
import { filesOf, jsonLines } from "../../../domain/letters/as-folder.ts";
import { listSequences, readEdition } from "../../../domain/sequences/queries/editions.ts";
import { readPictureFile } from "../../../domain/site/queries/pictures.ts";
import { selectSite } from "../../../domain/site/queries/site.ts";
import { picturesNamed } from "../../../platform/links/picture-name.ts";
import type { AppEnv } from "../../ui/app-env.ts";
import { sequenceView } from "../api/sequence-view.ts";
import { siteView } from "../api/site.ts";
import type { DeskPage } from "../desk-page.ts";

type Ctx = Context<AppEnv>;

const SEQUENCES_MAX = 200;

/** Everything that's published, as a folder that the command line can publish again. */
export const FOLDER: readonly DeskPage[] = [
  { method: "get", path: "/desk/letters.zip", needs: "write_letters", run: download },
];

async function download(c: Ctx): Promise<Response> {
  const { db } = c.var;
  const [[edition], listed] = await Promise.all([selectSite(db), listSequences(db, "", SEQUENCES_MAX)]);
  const sequences: ReturnType<typeof sequenceView>[] = [];
  for (const { slug } of listed) {
    const found = await readEdition(db, slug);
    if (found !== null) sequences.push(sequenceView(found));
  }
  const site = edition === undefined ? {} : siteView(edition);
  const pictures = new Map<string, Uint8Array>();
  for (const name of picturesNamed(JSON.stringify(sequences))) {
    const file = await c.env.PICTURES?.get(name);
    if (file != null) pictures.set(name, new Uint8Array(await file.arrayBuffer()));
  }
  const files = filesOf(
    { ...{ site, sequences, pictures }, picture: await pictureOf(c, edition?.content.author.picture?.name) },
    jsonLines,
    () => undefined,
  );
  const { downloadZip } = await import("client-zip");
  const zip = downloadZip(files.map(({ name, content }) => ({ name: `newsletter/${name}`, input: content })));
  return new Response(zip.body, {
    headers: {
      "content-type": "application/zip",
      "content-disposition": 'attachment; filename="newsletter.zip"',
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "x-robots-tag": "noindex",
    },
  });
}

async function pictureOf(c: Ctx, name: string | undefined) {
  const base64 = name === undefined ? null : await readPictureFile(c.var.db, name);
  if (name === undefined || base64 === null) return null;
  const file = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return { kind: name.slice(name.lastIndexOf(".") + 1), file };
}
