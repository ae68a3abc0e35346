import { test } from "vitest";
import { replay } from "../support/replay.ts";
import { startService } from "../support/service.ts";

test("in a month of ticks every reader of 14 zones gets each letter once, at the wall-clock time of their slot", async () => {
  const service = startService();
  // Berlin goes back on 25 October, New York on 1 November.
  service.moveTo(Date.UTC(2026, 9, 20, 0, 7));
  await replay(service, { ticks: 31 * 96, steps: 8 });
});
