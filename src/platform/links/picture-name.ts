/** As much of the hash as names a picture: 128 bits. */
const NAME_CHARACTERS = 32;

/** A picture's size in pixels. */
export type PictureSize = { readonly width: number; readonly height: number };

/** Names of stored pictures: of the author `<32 hex digits>.png`, of a letter `<32 hex digits>-<width>x<height>.png`. */
export const PICTURE_NAME = /^[0-9a-f]{32}(?:-(\d{1,5})x(\d{1,5}))?\.(?:png|jpg|gif)$/;

/** How a letter's Markdown names a stored picture. */
const IN_LETTER = /^pictures\/([0-9a-f]{32}-(\d{1,5})x(\d{1,5})\.(?:png|jpg|gif))$/;

/** What a picture is called that has this hash in hex. */
export function pictureName(hash: string, type: "png" | "jpg" | "gif", size?: PictureSize): string {
  const shown = size === undefined ? "" : `-${size.width}x${size.height}`;
  return `${hash.slice(0, NAME_CHARACTERS)}${shown}.${type}`;
}

/** A letter's picture by its address in Markdown, with its size; null where that names no stored one. */
export function pictureIn(url: string): ({ readonly name: string } & PictureSize) | null {
  const [, name, width, height] = IN_LETTER.exec(url) ?? [];
  return name === undefined ? null : { name, width: Number(width), height: Number(height) };
}

/** How a letter's Markdown names a stored picture. */
export function pictureInLetter(name: string): string {
  return `pictures/${name}`;
}

/** The stored pictures that a text names, each once. */
export function picturesNamed(text: string): string[] {
  const found = text.matchAll(/pictures\/([0-9a-f]{32}-\d{1,5}x\d{1,5}\.(?:png|jpg|gif))/g);
  return [...new Set([...found].map(([, name = ""]) => name))];
}
