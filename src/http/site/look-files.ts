import { encode } from "fast-png";
import type { Colours, Look } from "../../platform/look/look.ts";

/** The style sheet that gives the pages a site's colours, by the names that `ui/browser/themepost.css` uses. Paper has none of them. */
export function styleOf({ light, dark }: Look): string {
  return `@media screen{:root{${variables(light)}}}\n@media screen and (prefers-color-scheme: dark){:root{${variables(dark)}}}\n`;
}

function variables({ paper, card, panel, ink, soft, line, accent, pressInk }: Colours): string {
  const named = { paper, card, strip: panel, ink, soft, line, accent, "accent-ink": pressInk };
  return Object.entries(named)
    .map(([name, colour]) => `--${name}:${colour}`)
    .join(";");
}

/** The site's icon: a letter in its colour. */
export function iconOf({ light }: Look): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="${light.accent}"/><path d="M7 10.5h18v12H7zm0 .5 9 6.5 9-6.5" fill="none" stroke="${light.card}" stroke-width="2" stroke-linejoin="round"/></svg>\n`;
}

/** In pixels: the least that Facebook shows large (its sharing guide, images in link shares). More would take CPU time for a flat drawing. */
const PICTURE = { width: 600, height: 315 };
/** The envelope, from the middle of the picture. */
const ENVELOPE = { halfWidth: 125, halfHeight: 82, flap: 95, stroke: 4 };

/** The picture beside a link to the site, as PNG: a letter in the site's colours. */
export function pictureOf({ light }: Look): Uint8Array<ArrayBuffer> {
  const { width, height } = PICTURE;
  const [ground, paper, ink] = [light.accent, light.card, light.accent].map(bytesOf);
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const part = partAt(Math.abs(x - width / 2), y - height / 2);
      data.set((part === "ground" ? ground : part === "paper" ? paper : ink) ?? [], (y * width + x) * 3);
    }
  }
  return new Uint8Array(encode({ width, height, data, channels: 3 }));
}

/** What's at a distance from the middle to either side, and below it (negative: above). */
function partAt(aside: number, below: number): "ground" | "paper" | "line" {
  const { halfWidth, halfHeight, flap, stroke } = ENVELOPE;
  if (aside > halfWidth || Math.abs(below) > halfHeight) return "ground";
  const fold = flap * (1 - aside / halfWidth) - halfHeight;
  return Math.abs(below - fold) < stroke ? "line" : "paper";
}

const bytesOf = (colour: string) =>
  [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16));
