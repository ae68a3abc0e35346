import { spawn } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "./project.ts";

/** Runs vitest to its end with the output shown; resolves with its exit code. */
export function vitest(args: readonly string[], env: Readonly<Record<string, string>>): Promise<number> {
  const child = spawn(process.execPath, [join(ROOT, "node_modules", "vitest", "vitest.mjs"), ...args], {
    cwd: ROOT,
    stdio: "inherit",
    // At its usual level wrangler says for each start which file it read secrets from.
    env: { ...process.env, WRANGLER_SEND_METRICS: "false", WRANGLER_LOG: "warn", ...env },
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => child.on("exit", (code) => resolve(code ?? 1)));
}
