// Pictures beside letters, on their way to a service.
import { existsSync, readFileSync, statSync } from "node:fs";
import { relative, resolve } from "node:path";
import type { Nodes } from "mdast";
import { readMarkdown } from "../../src/domain/letters/read-markdown.ts";
import { LETTER_WIDTH_MAX, readPicture } from "../../src/domain/site/read-picture.ts";
import { pictureInLetter } from "../../src/platform/links/picture-name.ts";
import { Faulty, type Service, send } from "./publish.ts";

/** Where a letter's picture is named: `line` counts in its Markdown. */
type Place = (letter: number, line: number | null) => string;

/**
 * Letters with the pictures that stand as files in their folder added to the service, and named as it names them. A name that's no file stays, and the
 * service tells of it. Throws a `Faulty` with every picture that's refused.
 */
export async function withPictures<Letter extends { readonly markdown: string }>(
  service: Service,
  folder: string,
  letters: readonly Letter[],
  placeOf: Place,
): Promise<Letter[]> {
  const added = new Map<string, string>();
  const refused: Faulty[] = [];
  const written: Letter[] = [];
  for (const [place, letter] of letters.entries()) {
    let { markdown } = letter;
    for (const { url, line } of picturesIn(markdown)) {
      const path = resolve(folder, decoded(url));
      const isBeside =
        !relative(folder, path).startsWith("..") && existsSync(path) && statSync(path).isFile();
      if (!isBeside) continue;
      try {
        const name = added.get(path) ?? (await add(service, path, `${placeOf(place, line)}  ${url}`));
        added.set(path, name);
        markdown = named(markdown, url, pictureInLetter(name));
      } catch (error) {
        if (!(error instanceof Faulty)) throw error;
        refused.push(error);
      }
    }
    written.push({ ...letter, markdown });
  }
  const [first] = refused;
  if (first === undefined) return written;
  throw new Faulty(first, refused.map(({ message }) => message).join("\n"));
}

async function add(service: Service, path: string, where: string): Promise<string> {
  const data = (await asShown(readFileSync(path))).toString("base64");
  const { answer } = await send<{ name: string }>(
    service,
    "POST",
    "/pictures",
    { data, use: "letter" },
    () => where,
  );
  return answer.name;
}

/** As good as a photo need be in a letter, of 100. */
const JPEG_QUALITY = 85;

/**
 * A photo as a letter shows it: upright, and no larger than that's sharp. Anything else stays as it is, for the service to judge: of what it would
 * refuse for another reason, this knows no better.
 */
export async function asShown(file: Buffer): Promise<Buffer> {
  if (!("fix" in readPicture(file, "letter"))) return file;
  const { default: sharp } = await import("sharp");
  const { format } = await sharp(file)
    .metadata()
    .catch(() => ({ format: undefined }));
  if (format !== "jpeg" && format !== "png") return file;
  const fitting = sharp(file).rotate().resize({ width: LETTER_WIDTH_MAX, withoutEnlargement: true });
  return format === "png" ? fitting.png().toBuffer() : fitting.jpeg({ quality: JPEG_QUALITY }).toBuffer();
}

/** The pictures of a letter whose address is a path, each address once. */
function picturesIn(markdown: string): Array<{ readonly url: string; readonly line: number | null }> {
  const found = new Map<string, number | null>();
  const visit = (node: Nodes) => {
    if (node.type === "image" && !/^(?:[a-z][a-z0-9+.-]*:|[/#])/i.test(node.url) && !found.has(node.url))
      found.set(node.url, node.position?.start.line ?? null);
    if ("children" in node) for (const child of node.children) visit(child);
  };
  visit(readMarkdown(markdown).tree);
  return [...found].map(([url, line]) => ({ url, line }));
}

/** With another address where the picture's stands: behind `](`, or behind the name of a reference. */
function named(markdown: string, url: string, name: string): string {
  const written = url.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return markdown.replaceAll(
    new RegExp(`(\\]\\(\\s*|^ {0,3}\\[[^\\]]+\\]:\\s*)<?${written}>?(?=[\\s)]|$)`, "gm"),
    `$1${name}`,
  );
}

function decoded(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    return url;
  }
}
