import { type SpawnSyncOptions, spawnSync } from "node:child_process";
import { join } from "node:path";
import { type ParseArgsConfig, parseArgs } from "node:util";

/** The folder of the project. */
export const ROOT: string = join(import.meta.dirname, "..");

/** Prints what is wrong and ends with code 1. */
export function fail(message: string): never {
  console.error(`\n${message}\n`);
  process.exit(1);
}

/** What an error says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The code of an error of the system, such as EADDRINUSE; null where it has none. */
export function codeOf(error: unknown): string | null {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;
}

/** Runs one of the project's tools to its end with the output shown; returns its exit code. */
export function runTool(
  packageBin: string,
  args: readonly string[],
  options: Pick<SpawnSyncOptions, "stdio"> = {},
): number {
  const result = spawnSync(process.execPath, [join(ROOT, "node_modules", packageBin), ...args], {
    cwd: ROOT,
    stdio: "inherit",
    ...options,
    env: { ...process.env, WRANGLER_SEND_METRICS: "false" },
  });
  return result.status ?? 1;
}

/** A script's options and words; ends it with a sentence where it doesn't take them. */
export function readArgs<const T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    fail(messageOf(error));
  }
}
