// npm run test:long: the whole worker suite once more, on a database in which every column has another name. Green, it proves that
// no statement names a column by its text. `node scripts/bootstrap.mjs renamed-columns [test files]` runs this alone.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { withRenamedColumns } from "../test/support/renamed-columns.ts";
import { ROOT, readArgs, runTool } from "./project.ts";
import { vitest } from "./vitest.ts";

const SCHEMA = join("src", "platform", "db", "schema");
/** What the schema imports besides drizzle-orm: the names of languages. */
const TEXTS = join("src", "platform", "texts");

/** Writes the renamed schema's migration; returns its folder. Beside the project's own files, because the schema imports drizzle-orm. */
function renamedMigrations(): string {
  const folder = join(ROOT, ".wrangler", "renamed-columns");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const schema = join(folder, "db", "schema");
  cpSync(join(ROOT, SCHEMA), schema, { recursive: true });
  cpSync(join(ROOT, TEXTS), join(folder, "texts"), { recursive: true });
  for (const file of readdirSync(schema)) {
    const path = join(schema, file);
    writeFileSync(path, withRenamedColumns(readFileSync(path, "utf8")));
  }
  const migrations = join(folder, "migrations");
  const from = relative(ROOT, join(schema, "index.ts"));
  const args = ["--dialect", "sqlite", "--schema", from, "--out", relative(ROOT, migrations)];
  const code = runTool(join("drizzle-kit", "bin.cjs"), ["generate", ...args], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (code !== 0) throw new Error("no migration for the renamed columns could be made");
  return migrations;
}

/** Runs the worker suite, or its given files, on it; resolves with the exit code. */
export function runOnRenamedColumns(files: readonly string[]): Promise<number> {
  // vitest's cache knows nothing of the renaming.
  return vitest(["run", "--project", "worker", "--no-fsModuleCache", ...files], {
    THEMEPOST_RENAMED: renamedMigrations(),
  });
}

/** Runs the suite, or the files that the words name. */
export async function main(args: readonly string[]): Promise<void> {
  const { positionals } = readArgs({ args: [...args], allowPositionals: true });
  process.exitCode = await runOnRenamedColumns(positionals);
}
