import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { runSeeds } from "./run-seeds.ts";

const MINUTE_MS = 60_000;
const { SIMULATE_FROM, SIMULATE_COUNT } = env as unknown as Record<string, string>;

// By itself as many seeds as fit into a minute; from `npm run simulate` those that it asks for, with its progress.
test("whatever crashes, overlaps, gets lost, is edited, clicked or restored, the guarantees hold", async () => {
  const from = Number(SIMULATE_FROM || 1);
  const wanted = Number(SIMULATE_COUNT || 0);
  const until = Date.now() + MINUTE_MS;
  const played = await runSeeds(
    from,
    (seed) => (wanted > 0 ? seed >= from + wanted : Date.now() >= until),
    ({ seeds, letters }) => {
      if (wanted > 0) console.info(`simulated ${seeds} seeds ${letters} letters`);
    },
  );
  expect(played.seeds).toBeGreaterThan(0);
  // Schedules in which nothing is sent would prove nothing.
  expect(played.letters / played.seeds).toBeGreaterThan(1);
}, 86_400_000);
