// npm test, npm run test:long (--long), or single files: npm test -- test/calendar
import { bootstrap, fail } from "./bootstrap.mjs";
import { vitest } from "./vitest.mjs";

const SEEDS = 1000;

if (await bootstrap(import.meta.url)) {
  const long = process.argv.includes("--long");
  const filters = process.argv.slice(2).filter((arg) => arg !== "--long");
  if (long && (await import("./spamassassin.mjs")).findSpamAssassin() === null) {
    fail(
      "The spam scores need SpamAssassin, and none was found or could be installed: apt-get install spamassassin.",
    );
  }
  const simulated = long && filters.length === 0 ? simulateBeside() : Promise.resolve(true);
  const code = await vitest(["run", ...filters], { THEMEPOST_LONG: long ? "1" : "0" });
  const renamed = long && filters.length === 0 ? await onRenamedColumns() : 0;
  process.exitCode = code === 0 && renamed === 0 && (await simulated) ? 0 : 1;
}

/** The long tests leave a core to spare most of the time: the simulation takes it. */
async function simulateBeside() {
  const { PROCESSES, simulate } = await import("./simulate.mjs");
  // Beyond those that npm test plays.
  const good = await simulate({ from: 51, seeds: SEEDS, processes: PROCESSES });
  console.log(good ? `Simulation: ${SEEDS} passed, 0 failed` : "A seed failed; its story stands above.");
  return good;
}

/** The worker suite of npm test once more, on a database in which every column has another name. */
async function onRenamedColumns() {
  const { runOnRenamedColumns } = await import("./renamed-columns.mjs");
  return runOnRenamedColumns([]);
}
