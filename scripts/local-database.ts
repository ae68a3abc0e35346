import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { WRANGLER, WRANGLER_ENV } from "./local-wrangler.ts";
import { messageOf, ROOT } from "./project.ts";

/**
 * Applies the migrations to the local D1; throws with wrangler's output when that fails, or with what to delete where the
 * database has tables that were never released.
 */
export function migrateLocal(stateDir: string): void {
  try {
    wranglerD1(["migrations", "apply", "DB", "--local", "--persist-to", stateDir]);
  } catch (error) {
    if (!/table `?\w+`? already exists/.test(messageOf(error))) throw error;
    throw new Error(
      `The database in ${stateDir} was made by a version that was never released, and this one can't read it. ` +
        `It only has trial data: delete that folder and run the command again.`,
    );
  }
}

/** Runs SQL on the local D1. Use it while the Worker is idle. */
export function executeLocal(stateDir: string, sql: string): void {
  const file = join(stateDir, "execute.sql");
  writeFileSync(file, sql);
  wranglerD1(["execute", "DB", "--local", "--persist-to", stateDir, "--file", file, "--yes"]);
}

/** The rows of a query on the local D1; the caller says what they hold. Use it while the Worker is idle. */
export function queryLocal<Row = Record<string, unknown>>(stateDir: string, sql: string): Row[] {
  const where = ["--local", "--persist-to", stateDir];
  const output = wranglerD1(["execute", "DB", ...where, "--command", sql, "--json"]);
  const [answer] = JSON.parse(output) as { results: Row[] }[];
  return answer?.results ?? [];
}

function wranglerD1(args: readonly string[]): string {
  const result = spawnSync(process.execPath, [WRANGLER, "d1", ...args], {
    cwd: ROOT,
    env: { ...WRANGLER_ENV, CI: "true" },
    encoding: "utf8",
    maxBuffer: 100_000_000,
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (result.status !== 0) throw new Error(`${result.stdout}\n${result.stderr}`);
  return result.stdout;
}
