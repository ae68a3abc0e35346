// npm run bench [-- name …]: measures the budgets of the design and prints them as a table and as JSON (dist/bench.json).
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bootstrap, fail, ROOT } from "./bootstrap.mjs";

const BENCHMARKS = {
  bundle: async () => (await import("./bench/bundle.mjs")).bundle(),
  letters: async () => (await import("./bench/letters.mjs")).letters(),
  rows: async () => (await import("./bench/rows.mjs")).d1Rows(),
  "sign-up": async () => (await import("./bench/sign-up-load.mjs")).signUpLoad(),
  run: async () => (await import("./bench/weekly-run.mjs")).weeklyRun(),
  million: async () => (await import("./bench/weekly-run.mjs")).manyEnrolled(),
  limited: async () => (await import("./bench/weekly-run.mjs")).limitedRun(),
  "one-by-one": async () => (await import("./bench/one-by-one.mjs")).oneByOne(),
};

if (await bootstrap(import.meta.url)) {
  const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(BENCHMARKS);
  const unknown = names.find((name) => !Object.hasOwn(BENCHMARKS, name));
  if (unknown !== undefined)
    fail(`There is no benchmark "${unknown}"; there are ${Object.keys(BENCHMARKS).join(", ")}.`);
  // Node says on standard error that it runs TypeScript as it is; nobody needs to know.
  process.removeAllListeners("warning");
  const rows = [];
  for (const name of names) {
    console.log(`Measuring ${name} …`);
    rows.push(...(await BENCHMARKS[name]()));
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
