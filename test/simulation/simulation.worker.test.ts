import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { runSeeds } from "./run-seeds.ts";

const SEEDS = 50;
const { SIMULATE_FROM, SIMULATE_COUNT } = env as unknown as Record<string, string>;

// By itself the first fifty seeds; from `npm run simulate` those that it asks for, with its progress.
test("whatever crashes, overlaps, gets lost, is edited, clicked or restored, the guarantees hold", async () => {
  const from = Number(SIMULATE_FROM || 1);
  const count = Number(SIMULATE_COUNT || SEEDS);
  const played = await runSeeds(
    from,
    (seed) => seed >= from + count,
    ({ seeds, letters }) => {
      if (SIMULATE_COUNT) console.info(`simulated ${seeds} seeds ${letters} letters`);
    },
  );
  expect(played.seeds).toBeGreaterThan(0);
  // Schedules in which nothing is sent would prove nothing.
  expect(played.letters / played.seeds).toBeGreaterThan(1);
  // So would some in which no form is taken.
  if (played.seeds >= SEEDS) expect(played.confirmations / played.seeds).toBeGreaterThan(0.3);
}, 86_400_000);
