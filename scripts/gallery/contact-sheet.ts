import sharp from "sharp";
import type { NamedMail } from "./every-mail.ts";
import { THUMBNAIL } from "./sizes.ts";
import { escaped, type View } from "./views.ts";

const { width, height, gap } = THUMBNAIL;
const LABEL = 34;
const GROUND = "#d9d2c7";

/**
 * All pictures on one sheet: a column for each mail, a row for each view. `pictures` maps a view's name to paths in the order of
 * `mails`. Returns WebP bytes.
 */
export async function contactSheet(
  mails: readonly NamedMail[],
  views: readonly View[],
  pictures: ReadonlyMap<string, readonly string[]>,
): Promise<Buffer> {
  const columns = mails.length;
  const sheetWidth = gap + columns * (width + gap);
  const tiles: { input: Buffer; left: number; top: number }[] = [];
  let top = gap;
  for (const view of views) {
    tiles.push({ input: label(view.title, sheetWidth - 2 * gap, 22), left: gap, top });
    top += LABEL;
    const thumbnails = await Promise.all((pictures.get(view.name) ?? []).map(thumbnail));
    const tallest = Math.max(...thumbnails.map(({ info }) => info.height));
    for (const [column, { data, info }] of thumbnails.entries()) {
      const left = gap + column * (width + gap);
      tiles.push({ input: data, left, top });
      tiles.push({ input: label(mails[column]?.name ?? "", width, 13), left, top: top + info.height + 2 });
    }
    top += tallest + LABEL;
  }
  return sharp({ create: { width: sheetWidth, height: top, channels: 3, background: GROUND } })
    .composite(tiles)
    .webp({ quality: 72, effort: 6 })
    .toBuffer();
}

/** The top of a picture, small. */
async function thumbnail(path: string) {
  const small = await sharp(path).resize({ width }).toBuffer({ resolveWithObject: true });
  return sharp(small.data)
    .extract({ left: 0, top: 0, width, height: Math.min(small.info.height, height) })
    .png()
    .toBuffer({ resolveWithObject: true });
}

function label(text: string, room: number, size: number): Buffer {
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${room}" height="${LABEL - 6}"><text x="0" y="${size}" font-family="sans-serif" font-size="${size}" fill="#2b2724">${escaped(text)}</text></svg>`,
  );
}
