import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../project.ts";

/** The newsletter that a new one is copied from. */
const TEMPLATE = join(ROOT, "scripts", "content", "template");
/** Stands for the sequence's name in paths and files of the template. */
const NAME = "SLUG";

/** Begins a newsletter in a new folder: a site, and a sequence with a welcome and three letters to write over. Returns its files' names. */
export function beginFolder(folder: string, slug: string): string[] {
  mkdirSync(join(folder, "sequences"), { recursive: true });
  const below = `sequences/${slug}`;
  cpSync(join(TEMPLATE, "sequences", NAME), join(folder, below), { recursive: true });
  const title = slug.replaceAll("-", " ").replace(/^./, (first) => first.toUpperCase());
  const fill = (text: string) => text.replaceAll("TITLE", title);
  writeFileSync(join(folder, "site.yaml"), fill(readFileSync(join(TEMPLATE, "site.yaml"), "utf8")));
  const letters = readdirSync(join(folder, below)).sort();
  for (const name of letters) {
    const path = join(folder, below, name);
    writeFileSync(path, fill(readFileSync(path, "utf8")));
  }
  return ["site.yaml", ...letters.map((name) => `${below}/${name}`)];
}
