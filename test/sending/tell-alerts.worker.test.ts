import { beforeEach, expect, inject, test } from "vitest";
import { raiseAlert } from "../../src/platform/log/queries.ts";
import { tellAlerts } from "../../src/platform/log/tell-alerts.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { HOUR, type Service, startService } from "../support/service.ts";

let service: Service;
let webhook: string;

type Posted = { readonly text: string; readonly alerts: ReadonlyArray<{ readonly name: string }> };

beforeEach(async () => {
  webhook = `${inject("emulatorUrl")}/_emulator/hook-${crypto.randomUUID()}/alerts`;
  service = startService({ vars: { ALERT_WEBHOOK_URL: webhook } });
  await emptyTables(service);
});

const raise = (name: string) => raiseAlert(service.db, { name, detail: "12", now: service.clock.now });
const posted = async () => (await (await fetch(webhook)).json()) as Posted[];

test("an alert is posted once until it's cleared, however often it's raised meanwhile", async () => {
  await raise("run.stopped");
  await raise("provider.quota");
  await tellAlerts(service.deps());
  await raise("run.stopped");
  await tellAlerts(service.deps());
  expect((await posted()).map(({ alerts }) => alerts.map(({ name }) => name).sort())).toEqual([
    ["provider.quota", "run.stopped"],
  ]);
  expect((await posted())[0]?.text).toContain("run.stopped: 12");
  await service.admin("DELETE", "/alerts/run.stopped");
  service.moveTo(service.clock.now + HOUR);
  await raise("run.stopped");
  await tellAlerts(service.deps());
  expect((await posted()).map(({ alerts }) => alerts.length)).toEqual([2, 1]);
});

test("where the webhook is away nothing breaks, and the alert is posted when it's back", async () => {
  await raise("run.stopped");
  const deps = service.deps();
  const away = { ...deps, config: { ...deps.config, alertWebhookUrl: "http://127.0.0.1:9/" } };
  await tellAlerts(away);
  const refusing = {
    ...deps,
    config: { ...deps.config, alertWebhookUrl: `${inject("emulatorUrl")}/nothing` },
  };
  await tellAlerts(refusing);
  expect(await service.rows("select told_at from alerts")).toEqual([{ told_at: null }]);
  await tellAlerts(deps);
  expect(await posted()).toHaveLength(1);
});

test("without a webhook nothing is posted, and one that is neither https nor on loopback is refused", async () => {
  await raise("run.stopped");
  const deps = service.deps();
  await tellAlerts({ ...deps, config: { ...deps.config, alertWebhookUrl: null } });
  expect(await posted()).toEqual([]);
  for (const url of ["http://example.com/hook", "http://localhost.example.com/hook", "ftp://127.0.0.1/"])
    expect(() => startService({ vars: { ALERT_WEBHOOK_URL: url } })).toThrow("ALERT_WEBHOOK_URL");
});
