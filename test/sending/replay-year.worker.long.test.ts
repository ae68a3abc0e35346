import { test } from "vitest";
import { replay } from "../support/replay.ts";
import { startService } from "../support/service.ts";

test("in the 35,040 ticks of a year every reader of 14 zones gets each letter once, at the wall-clock time of their slot", async () => {
  const service = startService();
  service.moveTo(Date.UTC(2026, 0, 5, 0, 7));
  await replay(service, { ticks: 35_040, steps: 60 });
});
