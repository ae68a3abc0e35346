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

test("an outage of 26 hours costs nobody a theme or a confirmation: what was lost with its first calls is proven unsent, and comes in the next slot", async () => {
  const { accepted, neverSent, ...rest } = await playOutage(service, "refuse", {
    hours: 26,
    stepMs: 120_000,
  });
  expect(rest).toEqual({ confirmed: SIGN_UPS, uncertain: 0, doubled: 0 });
  expect(neverSent).toBeLessThanOrEqual(400);
  expect(accepted + neverSent).toBe(READERS);
});
