// npm run bench [-- name …]: measures the design's budgets and prints them as a table and as JSON (dist/bench.json).
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Measured } from "./bench/measured.ts";
import { fail, ROOT, readArgs } from "./project.ts";

/** Each is loaded only where it runs: what one of them needs is no burden of the others. */
const BENCHMARKS: Readonly<Record<string, () => Promise<readonly Measured[]>>> = {
  bundle: async () => (await import("./bench/bundle.ts")).bundle(),
  letters: async () => (await import("./bench/letters.ts")).letters(),
  rows: async () => (await import("./bench/rows.ts")).d1Rows(),
  "sign-up": async () => (await import("./bench/sign-up-load.ts")).signUpLoad(),
  run: async () => (await import("./bench/weekly-run.ts")).weeklyRun(),
  million: async () => (await import("./bench/weekly-run.ts")).manyEnrolled(),
  memory: async () => (await import("./bench/memory.ts")).memory(),
  limited: async () => (await import("./bench/weekly-run.ts")).limitedRun(),
  lanes: async () => (await import("./bench/lanes.ts")).busyLanes(),
  burst: async () => (await import("./bench/lanes.ts")).burst(),
  desk: async () => (await import("./bench/desk.ts")).desk(),
  broadcast: async () => (await import("./bench/broadcast.ts")).broadcast(),
  "broadcast-live": async () => (await import("./bench/broadcast-live.ts")).broadcastLive(),
  "one-by-one": async () => (await import("./bench/one-by-one.ts")).oneByOne(),
};

/** Measures the benchmarks that the words name, or all. */
export async function main(args: readonly string[]): Promise<void> {
  const { positionals } = readArgs({ args: [...args], allowPositionals: true });
  const names = positionals.length > 0 ? positionals : Object.keys(BENCHMARKS);
  const unknown = names.find((name) => !Object.hasOwn(BENCHMARKS, name));
  if (unknown !== undefined)
    fail(`There's no benchmark “${unknown}”. Choose from: ${Object.keys(BENCHMARKS).join(", ")}.`);
  const rows: Measured[] = [];
  for (const name of names) {
    console.log(`Measuring ${name} …`);
    rows.push(...((await BENCHMARKS[name]?.()) ?? []));
  }
  const width = Math.max(...rows.map((row) => row.what.length));
  for (const { what, value, budget } of rows) {
    console.log(`${what.padEnd(width)}  ${String(value).padStart(12)}  ${budget}`);
  }
  mkdirSync(join(ROOT, "dist"), { recursive: true });
  writeFileSync(join(ROOT, "dist", "bench.json"), `${JSON.stringify(rows, null, 2)}\n`);
  console.log("\nAlso in dist/bench.json.");
  process.exit(0);
}
