// npm run check: types, lint and format, dead code, whether generated files are up to date, and the bundle.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { areAssetsStale } from "./assets.ts";
import { unwantedInBundle } from "./bench/bundle.ts";
import { bundleElement, newestRelease } from "./embed.ts";
import { staleOpenApiFiles } from "./openapi.ts";
import { fail, ROOT, runTool } from "./project.ts";

type Step = readonly [name: string, run: () => number | Promise<number>];

/** Runs every check in turn; the first that fails ends it. */
export async function main(): Promise<void> {
  const steps: readonly Step[] = [
    ["types of src and emails", () => runTool(join("typescript", "bin", "tsc"), [])],
    [
      "types of the form's element",
      () =>
        runTool(join("typescript", "bin", "tsc"), [
          "-p",
          join("src", "http", "partners", "embed", "element"),
        ]),
    ],
    [
      "types of the pages' scripts",
      () => runTool(join("typescript", "bin", "tsc"), ["-p", join("src", "http", "ui", "browser")]),
    ],
    ["types of the tests", () => runTool(join("typescript", "bin", "tsc"), ["-p", "test"])],
    ["types of the scripts", () => runTool(join("typescript", "bin", "tsc"), ["-p", "scripts"])],
    [
      "lint and format",
      () => runTool(join("@biomejs", "biome", "bin", "biome"), ["check", "--error-on-warnings", "."]),
    ],
    ["dead code", () => runTool(join("knip", "bin", "knip.js"), [])],
    ["migrations", checkMigrations],
    ["the form's newest release", checkEmbed],
    ["the pages' files", checkAssets],
    ["the description of the API", checkOpenApi],
    ["the Worker's bundle", checkBundle],
  ];
  for (const [name, run] of steps) {
    const code = await run();
    if (code !== 0) fail(`npm run check: ${name} failed.`);
    console.log(`✓ ${name}`);
  }
}

/** The newest release must be what the source gives. */
async function checkEmbed(): Promise<number> {
  if ((await bundleElement()) === newestRelease().source) return 0;
  console.error("The form's element has changed without a release. Run: npm run embed");
  return 1;
}

/** The style sheet and the scripts of the pages must be what their sources give. */
async function checkAssets() {
  if (!(await areAssetsStale())) return 0;
  console.error("The pages' files have changed. Run: npm run assets");
  return 1;
}

/** The description of the API must be what the endpoints' schemas give. */
async function checkOpenApi(): Promise<number> {
  const stale = await staleOpenApiFiles();
  if (stale.length === 0) return 0;
  console.error(`The schemas of the API have changed: ${stale.join(", ")}. Run: npm run openapi`);
  return 1;
}

/** No letter may bring along what it doesn't use. */
function checkBundle(): number {
  const unwanted = unwantedInBundle();
  if (unwanted.length === 0) return 0;
  console.error(`The Worker's bundle contains ${unwanted.join(", ")}: see [alias] in wrangler.toml.`);
  return 1;
}

/** Generates what is missing into a copy of the migrations: there must be nothing. */
function checkMigrations(): number {
  const copy = mkdtempSync(join(tmpdir(), "themepost-migrations-"));
  try {
    cpSync(join(ROOT, "migrations"), copy, { recursive: true });
    const before = readdirSync(copy).length;
    const schema = [
      "--dialect",
      "sqlite",
      "--schema",
      "./src/platform/db/schema/index.ts",
      "--out",
      relative(ROOT, copy),
    ];
    const code = runTool(join("drizzle-kit", "bin.cjs"), ["generate", ...schema], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    if (code !== 0) return code;
    if (
      readdirSync(copy).length === before &&
      readFileSync(join(copy, "meta", "_journal.json"), "utf8") ===
        readFileSync(join(ROOT, "migrations", "meta", "_journal.json"), "utf8")
    )
      return 0;
    console.error("The schema has changed without a migration. Run: npm run db:generate");
    return 1;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}
