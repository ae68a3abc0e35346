import { applyD1Migrations, type D1Migration, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { becomeReader, DAY, sequenceOf, startService } from "../support/service.ts";

const { TEST_MIGRATIONS } = env as unknown as { TEST_MIGRATIONS: D1Migration[] };

test("every migration after the first keeps all that a database of the edition before holds, and letters go on", async () => {
  for (let applied = 1; applied < TEST_MIGRATIONS.length; applied += 1) {
    await reset();
    const service = startService();
    const { DB } = service.bindings;
    await applyD1Migrations(DB, TEST_MIGRATIONS.slice(0, applied));
    await service.publish(sequenceOf(3));
    await becomeReader(service, "ada@themepost.dev");
    const tables = await service.rows<{ name: string }>(
      "select name from sqlite_master where type = 'table' and name not like '\\_%' escape '\\' and name not like 'sqlite%' and name not like 'd1\\_%' escape '\\'",
    );
    const held = async () =>
      Promise.all(tables.map(async ({ name }) => [name, await service.rows(`select * from ${name}`)]));
    const before = await held();
    await applyD1Migrations(DB, TEST_MIGRATIONS.slice(0, applied + 1));
    expect(await held()).toEqual(before);
    expect(await service.rows("pragma foreign_key_check")).toEqual([]);
    service.moveTo(service.clock.now + 8 * DAY);
    await service.tick();
    await service.drain();
    expect((await service.accepted("ada@themepost.dev")).map(({ subject }) => subject)).toContain(
      "A letter on theme-1",
    );
  }
});
