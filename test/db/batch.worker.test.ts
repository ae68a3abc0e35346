import { eq, sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { batch, together } from "../../src/platform/db/batch.ts";
import { rowsOf } from "../../src/platform/db/json-rows.ts";
import { alerts, partners, sequences, steps } from "../../src/platform/db/schema/index.ts";
import { insertFrom } from "../../src/platform/db/write.ts";
import { putPartner } from "../support/partner.ts";
import { type Service, sequenceOf, startService } from "../support/service.ts";

let service: Service;
beforeAll(async () => {
  service = startService();
  await service.publish(sequenceOf(2));
  await putPartner(service, "garden");
});

test("each statement of a batch gets its own result under its own name, typed as the schema says", async () => {
  const { db } = service;
  const rows = rowsOf([{ name: "a" }, { name: "b" }]);
  const values = { name: rows.of("name"), detail: "", count: 1, firstAt: 0, lastAt: 0 };
  const { made, again, partner } = await batch(db, {
    made: insertFrom(alerts, values, sql`from ${rows.from}`).returning({
      name: alerts.name,
      count: alerts.count,
    }),
    again: insertFrom(alerts, values, sql`from ${rows.from} where true on conflict do nothing`),
    partner: db.select({ slug: partners.slug, frozen: partners.frozen }).from(partners),
  });
  expect(made).toEqual([
    { name: "a", count: 1 },
    { name: "b", count: 1 },
  ]);
  expect(again).toEqual({ changes: 0 });
  expect(partner).toEqual([{ slug: "garden", frozen: false }]);
});

test("groups of statements are joined in their order, and two statements of one name are refused", () => {
  const { db } = service;
  const read = () => db.select({ slug: partners.slug }).from(partners);
  expect(Object.keys(together({ b: read(), a: read() }, {}, { c: read() }))).toEqual(["b", "a", "c"]);
  expect(() => together({ a: read(), b: read() }, { a: read() })).toThrow("are named a");
});

test("a batch is all or nothing", async () => {
  const { db } = service;
  const alert = (name: string) =>
    insertFrom(alerts, { name, detail: "", count: 1, firstAt: 0, lastAt: 0 }, sql`where true`);
  await expect(batch(db, { first: alert("c"), second: alert("c") })).rejects.toThrow();
  expect(await db.select({ name: alerts.name }).from(alerts).where(eq(alerts.name, "c"))).toEqual([]);
});

test("two columns of one name are refused: D1 would give one of them only", async () => {
  const { db } = service;
  const twice = db
    .select({ sequence: sequences.slug, step: steps.slug })
    .from(sequences)
    .innerJoin(steps, eq(steps.sequenceId, sequences.id));
  await expect(batch(db, { twice })).rejects.toThrow("twice selects two columns named slug");
  const named = db
    .select({ sequence: sequences.slug, step: sql<string>`${steps.slug}`.as("step") })
    .from(sequences)
    .innerJoin(steps, eq(steps.sequenceId, sequences.id));
  expect((await batch(db, { named })).named).toContainEqual({
    sequence: "strengthening-bonds",
    step: "theme-2",
  });
});
