import { beforeEach, expect, test } from "vitest";
import { expectDescribed } from "../desk/described.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { HOUR, type Service, START, sequenceOf, startService } from "../support/service.ts";

let service: Service;

beforeEach(async () => {
  service = startService();
  await emptyTables(service);
  await service.publish(sequenceOf(1));
});

type Checks = {
  readonly ticked_at: string | null;
  readonly can_read_list: boolean | null;
  readonly probe: { readonly taken: boolean; readonly seen: Record<string, string> } | null;
};
const checks = async () =>
  expectDescribed<Checks>("GET", "/api/v1/admin/checks", await service.admin("GET", "/checks"));
const probe = (to: string | null) => service.admin("POST", "/checks/probe", { to });

test("a round trip leaves for the provider's test addresses, and what's reported of it is told, once, without touching a reader", async () => {
  expect((await checks()).probe).toBeNull();
  const left = await expectDescribed<object>("POST", "/api/v1/admin/checks/probe", await probe(null));
  expect(left).toMatchObject({ taken: true, seen: {} });
  const kinds = ["delivered", "bounced", "complained"];
  for (const kind of kinds) {
    const [mail] = await service.accepted(`${kind}@resend.dev`);
    await service.arrangeEvent(mail?.id ?? "", `email.${kind}`);
  }
  for (const event of await service.takeEvents())
    for (let times = 0; times < 2; times += 1) await service.hook(event);
  expect(Object.keys((await checks()).probe?.seen ?? {})).toEqual(expect.arrayContaining(kinds));
  expect(await service.rows("select 1 from suppressions union all select 1 from deliveries")).toEqual([]);
  const acts = await service.rows<{ stage: string }>(
    "select stage from acts where object = 'probe:resend' order by id",
  );
  expect(acts.map(({ stage }) => stage)).toEqual(["intent", "settled"]);
});

test("a probe goes to nobody but the test addresses and someone at the desk", async () => {
  expect((await probe("stranger@themepost.dev")).status).toBe(422);
  expect(await service.accepted("stranger@themepost.dev")).toEqual([]);
  await service.admin("POST", "/desk/people", { address: "rosa@themepost.dev", role: "owner" });
  expect((await probe("rosa@themepost.dev")).status).toBe(200);
  expect(await service.accepted("rosa@themepost.dev")).toHaveLength(1);
});

test("the cron is seen once an hour, and the key's rights are known by what it may read", async () => {
  expect((await checks()).ticked_at).toBeNull();
  const full = Math.ceil(START / HOUR) * HOUR;
  service.moveTo(full);
  await service.tick();
  expect(Date.parse((await checks()).ticked_at ?? "")).toBe(full);
  expect((await checks()).can_read_list).toBe(true);
});
