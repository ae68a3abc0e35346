import { beforeEach, expect, test } from "vitest";
import { emptyTables } from "../support/empty-tables.ts";
import { playOutage, READERS, SIGN_UPS } from "../support/outage.ts";
import { type Service, sequenceOf, startService } from "../support/service.ts";

const TUESDAY = Date.UTC(2026, 10, 24, 8);
let service: Service;

beforeEach(async () => {
  await emptyTables(startService());
  service = startService({ ownGuard: true });
  await service.publish(sequenceOf(2));
  service.moveTo(TUESDAY);
});

test("an outage of 26 hours costs nobody a theme or a confirmation but those of the four calls that were lost first, who are named", async () => {
  const { accepted, uncertain, ...rest } = await playOutage(service, "refuse", {
    hours: 26,
    stepMs: 120_000,
  });
  expect(rest).toEqual({ confirmed: SIGN_UPS, doubled: 0 });
  expect(uncertain).toBeLessThanOrEqual(400);
  expect(accepted + uncertain).toBe(READERS);
}, 300_000);
