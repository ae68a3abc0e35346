// npm run ornaments: draws emails/ornaments/*.svg as the pictures that letters and pages show, with twice as many pixels each way.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, parse } from "node:path";
import sharp from "sharp";
import { ROOT } from "./project.ts";

const SOURCES = join(ROOT, "emails", "ornaments");
const PICTURES = join(ROOT, "public", "ornaments");
const DENSITY = 2;

/** The names of all ornaments. */
export function ornamentNames(): string[] {
  return readdirSync(SOURCES)
    .filter((file) => file.endsWith(".svg"))
    .map((file) => parse(file).name)
    .sort();
}

/** The path of an ornament's picture. */
export function pictureOf(name: string): string {
  return join(PICTURES, `${name}.png`);
}

/** An ornament as PNG, on a transparent ground, with few colours. */
export function drawn(name: string): Promise<Buffer> {
  return sharp(readFileSync(join(SOURCES, `${name}.svg`)), { density: 72 * DENSITY })
    .png({ palette: true, colours: 64, compressionLevel: 9, effort: 10 })
    .toBuffer();
}

/** Draws them all. */
export async function main(): Promise<void> {
  mkdirSync(PICTURES, { recursive: true });
  for (const name of ornamentNames()) {
    const picture = await drawn(name);
    writeFileSync(pictureOf(name), picture);
    console.log(`${name}.png  ${(picture.length / 1024).toFixed(1)} KiB`);
  }
}
