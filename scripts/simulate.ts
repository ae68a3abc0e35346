// npm run simulate -- --seeds N [--from M], or --seed N: plays seeds of the simulation on all cores.
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fail, ROOT, readArgs } from "./project.ts";

const BAR_WIDTH = 40;

/** A process's share, and how far it is. */
type Part = { readonly from: number; readonly count: number; seeds: number; letters: number };

/** One more than cores: a schedule waits for its database as long as it works. */
export const PROCESSES = availableParallelism() + 1;

/** Plays `seeds` seeds from `from` on, in `processes` processes; returns true when every guarantee held. */
export async function simulate(what: {
  readonly from: number;
  readonly seeds: number;
  readonly processes: number;
}): Promise<boolean> {
  const { from, seeds, processes } = what;
  const share = Math.ceil(seeds / processes);
  const parts: readonly Part[] = Array.from({ length: processes }, (_, n) => ({
    from: from + n * share,
    count: Math.min(share, seeds - n * share),
    seeds: 0,
    letters: 0,
  })).filter((part) => part.count > 0);
  const startedAt = performance.now();
  const show = () => {
    const seedsDone = parts.reduce((sum, part) => sum + part.seeds, 0);
    const letters = parts.reduce((sum, part) => sum + part.letters, 0);
    const filled = Math.round((seedsDone / seeds) * BAR_WIDTH);
    const bar = "█".repeat(filled) + "░".repeat(BAR_WIDTH - filled);
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    return `${bar} ${seedsDone}/${seeds} seeds, ${letters} letters, ${seconds} s`;
  };
  const timer = process.stdout.isTTY ? setInterval(() => process.stdout.write(`\r${show()}`), 500) : null;
  const results = await Promise.all(parts.map((part) => playPart(part)));
  if (timer !== null) clearInterval(timer);
  console.log(`${timer === null ? "" : "\r"}${show()}`);
  return results.every((good) => good);
}

function playPart(part: Part): Promise<boolean> {
  const vitest = join(ROOT, "node_modules", "vitest", "vitest.mjs");
  const args = [
    "run",
    "--project",
    "worker",
    "--silent=false",
    "--reporter=verbose",
    "test/simulation/simulation.worker",
  ];
  const child = spawn(process.execPath, [vitest, ...args], {
    cwd: ROOT,
    env: {
      ...process.env,
      THEMEPOST_LONG: "0",
      WRANGLER_SEND_METRICS: "false",
      NO_COLOR: "1",
      SIMULATE_FROM: String(part.from),
      SIMULATE_COUNT: String(part.count),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let kept = "";
  const read = (chunk: string) => {
    const lines = (kept + chunk).split("\n");
    for (const line of lines) {
      const match = /simulated (\d+) seeds (\d+) letters/.exec(line);
      if (match !== null) Object.assign(part, { seeds: Number(match[1]), letters: Number(match[2]) });
    }
    kept = (kept + chunk).slice(-60_000);
  };
  child.stdout.setEncoding("utf8").on("data", read);
  child.stderr.setEncoding("utf8").on("data", read);
  return new Promise((resolve) => {
    child.on("exit", (code) => {
      if (code !== 0) console.error(`\n${storyOf(kept)}`);
      resolve(code === 0);
    });
  });
}

/** The failing seed's story, or all that was said. */
function storyOf(output: string): string {
  const start = output.indexOf("Error: Seed ");
  const story = start < 0 ? output : output.slice(start);
  return story
    .split("\n")
    .filter((line) => !/^(stdout|stderr) \||simulated \d+|uncaught exception|^(stack|exception)/.test(line))
    .join("\n");
}

/** Plays the seeds that the options name: 200 from 1 on, unless they say otherwise. */
export async function main(args: readonly string[]): Promise<void> {
  const number = { type: "string" } as const;
  const { values } = readArgs({ args: [...args], options: { seed: number, seeds: number, from: number } });
  const option = (name: "seed" | "seeds" | "from") => {
    const given = values[name];
    if (given === undefined) return null;
    const value = Number(given);
    if (!Number.isInteger(value) || value < 1) fail(`--${name} must be a whole number from 1 up.`);
    return value;
  };
  const seed = option("seed");
  const good = await simulate({
    from: seed ?? option("from") ?? 1,
    seeds: seed === null ? (option("seeds") ?? 200) : 1,
    processes: seed === null ? PROCESSES : 1,
  });
  process.exitCode = good ? 0 : 1;
}
