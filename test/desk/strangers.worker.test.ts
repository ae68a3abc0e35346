import { beforeEach, expect, test } from "vitest";
import { emptyTables } from "../support/empty-tables.ts";
import { ADMIN_TOKEN, type Service, START, startService } from "../support/service.ts";

let service: Service;
beforeEach(async () => {
  service = startService({ ownGuard: true });
  await emptyTables(service);
});

test("a stranger's question after the state of the service costs the database nothing for 15 seconds, and gets no figures", async () => {
  expect(await (await service.request("/healthz")).json()).toEqual({
    status: "ok",
    instance: "local",
    faults: [],
  });
  const bindings = service.bindings as { DB: unknown };
  const { DB } = bindings;
  bindings.DB = { prepare: () => expect.unreachable("the database was asked") };
  service.moveTo(START + 14_000);
  for (let n = 0; n < 50; n += 1) expect((await service.request("/healthz")).status).toBe(200);
  bindings.DB = DB;
  await service.admin("POST", "/sending/stop", { reason: "a wrong letter" });
  expect((await service.request("/healthz")).status).toBe(200);
  expect(await (await service.health()).json()).toMatchObject({ faults: ["stopped"], open_batches: 0 });
  service.moveTo(START + 30_000);
  expect(await (await service.request("/healthz")).json()).toEqual({
    status: "failing",
    instance: "local",
    faults: ["stopped"],
  });
});

test("wrong tokens wait, are limited by network and told to the owner, whose own token goes on working", async () => {
  const ask = (token: string, network: string) =>
    service.request("/api/v1/admin/sending", {
      headers: { authorization: `Bearer ${token}`, "cf-connecting-ip": network },
    });
  const before = service.clock.now;
  expect((await ask("wrong-token-0123456789abcdef0123456789", "203.0.113.1")).status).toBe(401);
  expect(service.clock.now - before).toBeGreaterThanOrEqual(1000);
  const statuses: number[] = [];
  for (let n = 0; n < 30; n += 1)
    statuses.push((await ask(`wrong-token-${n}-0123456789abcdef01234567`, "203.0.113.1")).status);
  expect(new Set(statuses)).toEqual(new Set([401, 429]));
  expect((await ask(ADMIN_TOKEN, "203.0.113.1")).status).toBe(200);
  const alerts = (await (await service.admin("GET", "/alerts")).json()) as { data: { name: string }[] };
  expect(alerts.data.map(({ name }) => name)).toEqual(["desk.wrong_tokens"]);
});
