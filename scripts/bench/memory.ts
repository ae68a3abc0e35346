import { executeLocal } from "../local-database.ts";
import { fireTick } from "../local-worker.ts";
import { ACCOUNT, withBenchWorker } from "./bench-worker.ts";
import { watchHeap } from "./isolate-heap.ts";
import type { Measured } from "./measured.ts";
import { enlarge, seed, slotOfNow } from "./weekly-run.ts";

/** As many messages as a consumer is handed over at once (wrangler.toml), of a hundred letters each. */
const LETTERS = 2500;
const LETTER_BYTES = 80_000;
/** So long the provider takes for a call, so that as many are out as ever go at once. */
const CALL_MS = 1500;

/** Live heap of the Worker's isolate while 25 batches of letters of 80 KB leave. */
export function memory(): Promise<readonly Measured[]> {
  return withBenchWorker(async ({ port, stateDir, emulator, worker }) => {
    executeLocal(stateDir, `${seed(LETTERS, slotOfNow())} ${enlarge(LETTER_BYTES)}`);
    const account = emulator.account(ACCOUNT);
    account.faults.push(...Array.from({ length: 2 * (LETTERS / 100) }, () => `delay:${CALL_MS}` as const));
    const heap = await watchHeap(worker.group);
    const atStart = await heap.liveMb();
    let live = 0;
    const startedAt = performance.now();
    const ticked = fireTick(port, slotOfNow());
    for (let quiet = 0; quiet < 200 && account.accepted.length < LETTERS; quiet += 1) {
      const before = account.accepted.length;
      live = Math.max(live, await heap.liveMb());
      await new Promise((resolve) => setTimeout(resolve, 100));
      if (account.accepted.length > before) quiet = 0;
    }
    await ticked;
    const seconds = (performance.now() - startedAt) / 1000;
    heap.close();
    return [
      {
        what: "live heap of the isolate, 25 messages of 100 letters of 80 KB (MB)",
        value: Math.round(live),
        budget: "≤ 80",
      },
      { what: "… before them (MB)", value: Math.round(atStart), budget: "" },
      { what: "… letters accepted", value: account.accepted.length, budget: String(LETTERS) },
      { what: "… seconds, with a provider that takes 1.5 s a call", value: Math.round(seconds), budget: "" },
    ];
  });
}
