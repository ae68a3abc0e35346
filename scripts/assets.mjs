// npm run assets: makes the pages' style sheet, scripts and icon (src/http/ui/browser) into files of public/assets, named by their
// content, and writes down where they are.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bootstrap, ROOT } from "./bootstrap.mjs";

const SOURCES = join(ROOT, "src", "http", "ui", "browser");
const SERVED = join(ROOT, "public", "assets");
const LIST = join(ROOT, "src", "http", "ui", "assets.ts");

/** What should be served, by file name, and the list of it for the pages. */
export async function builtAssets() {
  const { build } = await import("esbuild");
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
  const made = outputFiles.map(({ path, text }) => [path.slice(SERVED.length + 1), text.trim()]);
  const all = [...made, ["icon.svg", readFileSync(join(SOURCES, "icon.svg"), "utf8").trim()]].sort();
  const files = all.map(([name, text]) => {
    const hash = createHash("sha256").update(text).digest("hex").slice(0, 10);
    return { name, served: name.replace(/\.(\w+)$/, `.${hash}.$1`), text };
  });
  const lines = files.map(({ name, served }) => `  ${JSON.stringify(name)}: "/assets/${served}",\n`);
  const list = `// Made by npm run assets.\n\n/** Where the pages' files are served, by the names of their sources (browser). */\nexport const ASSETS = {\n${lines.join("")}} as const;\n`;
  return { files, list };
}

/** Whether the committed files are what the sources give. */
export async function areAssetsStale() {
  const { files, list } = await builtAssets();
  const served = readdirSync(SERVED).sort();
  return (
    readFileSync(LIST, "utf8") !== list ||
    JSON.stringify(served) !== JSON.stringify(files.map((file) => file.served).sort()) ||
    files.some((file) => readFileSync(join(SERVED, file.served), "utf8") !== file.text)
  );
}

if (process.argv[1] === import.meta.filename && (await bootstrap(import.meta.url))) {
  const { files, list } = await builtAssets();
  rmSync(SERVED, { recursive: true, force: true });
  mkdirSync(SERVED, { recursive: true });
  for (const { served, text } of files) {
    writeFileSync(join(SERVED, served), text);
    console.log(`public/assets/${served}`);
  }
  writeFileSync(LIST, list);
}
