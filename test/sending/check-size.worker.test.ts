import { expect, test } from "vitest";
import { sizeAlert } from "../../src/domain/sending/check-size.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { HOUR, START, startService } from "../support/service.ts";

const GB = 1_000_000_000;

test.each([
  [0, null],
  [5.9, null],
  [6, "database.filling"],
  [7.9, "database.filling"],
  [8, "database.nearly_full"],
  [10, "database.nearly_full"],
])("a database of %d of 10 GB is worth this alert: %s", (gb, alert) => {
  expect(sizeAlert(gb * GB, 10 * GB)).toBe(alert);
});

test("a tick of the hour tells the owner how full the database is, and /healthz always does", async () => {
  await emptyTables(startService());
  const service = startService({ ownGuard: true, vars: { DATABASE_MB: "1" } });
  service.moveTo(START + 15 * 60_000);
  await service.tick();
  const alerts = async () => {
    const answer = await service.admin("GET", "/alerts");
    return ((await answer.json()) as { data: { name: string; detail: string }[] }).data;
  };
  expect(await alerts()).toEqual([]);
  const health = (await (await service.health()).json()) as Record<string, number>;
  expect(health.database_bytes).toBeGreaterThan(100_000);
  expect(health.database_bytes_max).toBe(1_000_000);
  await service.rows("insert into facts (name, value) values ('filler', hex(zeroblob(450000)))");
  service.moveTo(START + HOUR);
  await service.tick();
  await service.rows("delete from facts where name = 'filler'");
  expect(await alerts()).toMatchObject([
    { name: "database.nearly_full", detail: expect.stringMatching(/^\d+% of 1 MB$/) },
  ]);
});
