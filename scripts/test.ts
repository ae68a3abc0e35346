// npm test, npm run test:long (--long), or single files: npm test -- test/calendar
import { parseArgs } from "node:util";
import { fail } from "./project.ts";
import { runOnRenamedColumns } from "./renamed-columns.ts";
import { PROCESSES, simulate } from "./simulate.ts";
import { findSpamAssassin } from "./spamassassin.ts";
import { vitest } from "./vitest.ts";

const SEEDS = 1000;

/** Runs the tests; all words and options but --long are vitest's. */
export async function main(args: readonly string[]): Promise<void> {
  const options = { long: { type: "boolean" } } as const;
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  const ours = tokens.filter((token) => token.kind === "option" && token.name === "long");
  const long = ours.length > 0;
  const filters = args.filter((_, index) => !ours.some((token) => token.index === index));
  if (long && findSpamAssassin() === null) {
    fail(
      "The spam scores need SpamAssassin, which wasn't found and couldn't be installed. Run: apt-get install spamassassin",
    );
  }
  const beside = long && filters.length === 0 ? runBeside() : Promise.resolve(true);
  const code = await vitest(["run", ...filters], { THEMEPOST_LONG: long ? "1" : "0" });
  process.exitCode = (await beside) && code === 0 ? 0 : 1;
}

/** The long tests leave a core to spare most of the time: the simulation takes it, and then the suite with other column names. */
async function runBeside(): Promise<boolean> {
  // Beyond those that npm test plays.
  const good = await simulate({ from: 51, seeds: SEEDS, processes: PROCESSES });
  console.log(good ? `Simulation: ${SEEDS} passed, 0 failed` : "A seed failed; its story is above.");
  return (await runOnRenamedColumns([])) === 0 && good;
}
