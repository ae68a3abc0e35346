// npm run assets: makes the pages' style sheet, scripts and icon (src/http/ui/browser) into files of public/assets, named by their
// content, and writes down where they are.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { ROOT } from "./project.ts";

const SOURCES = join(ROOT, "src", "http", "ui", "browser");
const SERVED = join(ROOT, "public", "assets");
const LIST = join(ROOT, "src", "http", "ui", "assets.ts");

type Built = {
  readonly files: ReadonlyArray<{ readonly name: string; readonly served: string; readonly text: string }>;
  /** Source that names where each file is served. */
  readonly list: string;
};

async function builtAssets(): Promise<Built> {
  const names = readdirSync(SOURCES).filter((name) => /\.(css|ts)$/.test(name));
  const { outputFiles } = await build({
    entryPoints: names.map((name) => join(SOURCES, name)),
    outdir: SERVED,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    charset: "utf8",
    write: false,
  });
  const made = outputFiles.map(({ path, text }) => ({
    name: path.slice(SERVED.length + 1),
    text: text.trim(),
  }));
  const icon = { name: "icon.svg", text: readFileSync(join(SOURCES, "icon.svg"), "utf8").trim() };
  const files = [...made, icon]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, text }) => {
      const hash = createHash("sha256").update(text).digest("hex").slice(0, 10);
      return { name, served: name.replace(/\.(\w+)$/, `.${hash}.$1`), text };
    });
  const lines = files.map(({ name, served }) => `  ${JSON.stringify(name)}: "/assets/${served}",\n`);
  const list = `// Made by npm run assets.

/** Where the pages' files are served, by the names of their sources (browser). */
export const ASSETS = {\n${lines.join("")}} as const;
`;
  return { files, list };
}

/** Whether the committed files are what the sources give. */
export async function areAssetsStale(): Promise<boolean> {
  const { files, list } = await builtAssets();
  const wanted = files.map(({ served }) => served).sort();
  return (
    readFileSync(LIST, "utf8") !== list ||
    JSON.stringify(readdirSync(SERVED).sort()) !== JSON.stringify(wanted) ||
    files.some(({ served, text }) => readFileSync(join(SERVED, served), "utf8") !== text)
  );
}

/** Writes the files and the list. */
export async function main(): Promise<void> {
  const { files, list } = await builtAssets();
  rmSync(SERVED, { recursive: true, force: true });
  mkdirSync(SERVED, { recursive: true });
  for (const { served, text } of files) {
    writeFileSync(join(SERVED, served), text);
    console.log(`public/assets/${served}`);
  }
  writeFileSync(LIST, list);
}
