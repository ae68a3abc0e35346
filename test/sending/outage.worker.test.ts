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

test("an outage of three hours costs nobody a theme or a confirmation, and the owner is told at once", async () => {
  expect(await playOutage(service, "refuse", { hours: 3, stepMs: 120_000 })).toEqual({
    confirmed: SIGN_UPS,
    accepted: READERS,
    neverSent: 0,
    uncertain: 0,
    doubled: 0,
  });
});
