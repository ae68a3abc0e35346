import { applyD1Migrations, type D1Migration } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { restoreSnapshot, type Snapshot, takeSnapshot } from "../simulation/snapshot.ts";
import { dropDatabase } from "../support/empty-database.ts";
import { becomeReader, DAY, sequenceOf, startService } from "../support/service.ts";

const { DB, TEST_MIGRATIONS } = env as unknown as { DB: D1Database; TEST_MIGRATIONS: D1Migration[] };

/** What rows of an earlier edition must have besides: columns and tables that are gone. */
const GONE: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  sequences: { confirmation_rendition_id: 1, welcome_back_rendition_id: 1 },
};

/** The same rows as an earlier edition of the database would have them. */
async function asIn(db: D1Database, { tables, marks }: Snapshot): Promise<Snapshot> {
  const earlier = await Promise.all(
    tables.map(async ([table, rows]) => {
      const { results } = await db.prepare(`pragma table_info(${table})`).all<{ name: string }>();
      const names = new Set(results.map(({ name }) => name));
      const kept = rows.map((row) =>
        Object.fromEntries(Object.entries(row).filter(([name]) => names.has(name))),
      );
      const gone = Object.entries(GONE[table] ?? {}).filter(([name]) => names.has(name));
      const whole = kept.map((row) => ({ ...row, ...Object.fromEntries(gone) }));
      return names.size === 0 ? [] : [[table, whole] as const];
    }),
  );
  return { tables: earlier.flat(), marks };
}

test("every migration after the first keeps all that a database of the edition before holds, and letters go on", async () => {
  const service = startService();
  await service.publish(sequenceOf(3));
  await becomeReader(service, "ada@themepost.dev", { first_name: "Ada" });
  const now = await takeSnapshot(DB);
  for (let applied = 1; applied < TEST_MIGRATIONS.length; applied += 1) {
    await dropDatabase(DB);
    await applyD1Migrations(DB, TEST_MIGRATIONS.slice(0, applied));
    const before = await asIn(DB, now);
    await restoreSnapshot(DB, before);
    await applyD1Migrations(DB, TEST_MIGRATIONS);
    for (const [table, rows] of (await takeSnapshot(DB)).tables) {
      const were = before.tables.find(([name]) => name === table)?.[1];
      // A table that is new may have been filled from others.
      if (were === undefined) continue;
      const gone = new Set(Object.keys(GONE[table] ?? {}));
      const stayed = were.map((row) =>
        Object.fromEntries(
          Object.entries(row).filter(([name]) => !gone.has(name) || name in (rows[0] ?? {})),
        ),
      );
      expect([table, rows]).toMatchObject([table, stayed]);
    }
    expect(await service.rows("pragma foreign_key_check")).toEqual([]);
  }
  service.moveTo(service.clock.now + 8 * DAY);
  await service.tick();
  await service.drain();
  expect((await service.accepted("ada@themepost.dev")).map(({ subject }) => subject)).toContain(
    "A letter on theme-1",
  );
});
