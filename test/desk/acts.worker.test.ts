import { beforeEach, expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { OWNERS_API } from "../../src/http/desk/api/all.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { enroll } from "../support/enroll.ts";
import { putPartner } from "../support/partner.ts";
import { DAY, type Service, START, sequenceOf, startService } from "../support/service.ts";
import { CHANGES, type Sample } from "./samples.ts";

let service: Service;

beforeEach(async () => {
  await emptyTables(startService());
  service = startService({ ownGuard: true });
  await service.publish(sequenceOf(3));
});

type ActRow = {
  readonly actor: string;
  readonly verb: string;
  readonly object: string;
  readonly changed: string;
  readonly request_id: string;
  readonly stage: string;
};

const actsOf = (requestId: string | null) =>
  service.rows<ActRow>("select * from acts where request_id = ? order by id", requestId);

/** Reads by POST, because what they ask about must not stand in a URL, or is too long for one. */
const READS = ["consentsByAddress", "dryRun", "previewSequence", "timelineByAddress"];

test("no route that changes something comes without an act, and a sample of it", () => {
  const routes = createApp({ wallNow: () => 0, random: () => "", wait: async () => {} }).routes;
  const unsafe = routes
    .filter(
      ({ method, path }) => /^(POST|PUT|DELETE|PATCH)$/.test(method) && path.startsWith("/api/v1/admin"),
    )
    .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`);
  const named = new Map(OWNERS_API.map((each) => [`${each.method.toUpperCase()} ${each.path}`, each]));
  const without = [...new Set(unsafe)].filter((route) => {
    const endpoint = named.get(route);
    if (endpoint === undefined) return true;
    if (endpoint.act === null) return !READS.includes(endpoint.name);
    return endpoint.act === undefined || CHANGES[endpoint.name] === undefined;
  });
  expect(without).toEqual([]);
  expect(new Set(unsafe).size).toBe(Object.keys(CHANGES).length + READS.length);
});

/** What lies outside the database: the intent is there before it. */
const OUTSIDE = ["stop_sending", "resume_sending", "re_arm", "test_letter", "export_readers"];

test.each(
  OWNERS_API.flatMap(({ name, method, act }) =>
    act == null ? [] : [[name, method.toUpperCase(), act] as const],
  ),
)("%s leaves one settled act, and none where nothing changes", async (name, method, verb) => {
  const { path, body, arrange, seen } = CHANGES[name] as Sample;
  await arrange?.(service);
  const etag = seen === undefined ? null : (await service.admin("GET", seen)).headers.get("etag");
  const send = async () =>
    service.admin(method, path, body, {
      "user-agent": "themepost/0.2.0",
      ...(etag === null ? {} : { "if-match": etag }),
    });
  const answer = await send();
  expect([name, answer.ok]).toEqual([name, true]);
  const acts = await actsOf(answer.headers.get("request-id"));
  const settled = acts.filter(({ stage }) => stage === "settled");
  expect(settled).toMatchObject([
    { verb, actor: "command_line", object: expect.stringMatching(/^[a-z]+(:.+)?$/) },
  ]);
  expect(acts.map(({ stage }) => stage)).toEqual(
    OUTSIDE.includes(verb) ? ["intent", "settled"] : ["settled"],
  );
  expect(JSON.stringify(acts)).not.toContain("@");
  const shown = await (await service.admin("GET", "/acts?limit=1")).json();
  expect(shown).toMatchObject({ data: [{ verb, settled: true, request_id: settled[0]?.request_id }] });
});

test("what changes nothing leaves no act", async () => {
  const before = await service.rows("select id from acts");
  await service.publish(sequenceOf(3));
  for (const [method, path, body] of [
    ["POST", "/letters/release", { ids: [7] }],
    ["POST", "/letters/give-up", { ids: [7] }],
    ["POST", "/letters/send-again", { ids: [7] }],
    ["POST", "/letters/reconcile", { ids: [7] }],
    ["DELETE", "/alerts/none", undefined],
    ["POST", "/runs/7/resume", undefined],
    ["POST", "/suppressions/lift", { address: "ada@themepost.dev", note: "nothing there" }],
    ["POST", "/partners/nobody/links", undefined],
  ] as const)
    await service.admin(method, path, body);
  expect(await service.rows("select id from acts")).toEqual(before);
});

test("an act says which fields changed: short values as they are, long ones by their hash, addresses never", async () => {
  const text = `Yes, write to me. ${"Every week, please. ".repeat(20)}`;
  await putPartner(service, "garden", { name: "Garden of ada@themepost.dev", consent_text: text });
  const { data } = await (await service.admin("GET", "/acts?object=partner:garden")).json<{
    data: { changed: Record<string, unknown> }[];
  }>();
  expect(data).toMatchObject([
    {
      actor: "api",
      verb: "save_partner",
      changed: {
        name: "Garden of (address)",
        origins: ["https://www.garden.themepost.dev"],
        consent_text: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      },
    },
  ]);
});

test("the change and its act are one: where the act can't be kept, nothing is changed", async () => {
  await putPartner(service, "garden");
  await service.rows(
    "create trigger no_acts before insert on acts begin select raise(abort, 'no acts'); end",
  );
  try {
    for (const [name, { path, body }] of Object.entries(CHANGES)) {
      if (!["publishSequence", "suppress", "rotateFormKey", "makePartnerLink", "savePartner"].includes(name))
        continue;
      const method = OWNERS_API.find((each) => each.name === name)?.method.toUpperCase() ?? "";
      const sent = name === "savePartner" ? { ...(body as object), daily_limit: 3 } : body;
      expect([name, (await service.admin(method, path, sent)).status]).toEqual([name, 500]);
    }
  } finally {
    await service.rows("drop trigger no_acts");
  }
  expect(await service.rows("select slug from steps where slug = 'theme-4'")).toEqual([]);
  expect(await service.rows("select address_hash from suppressions")).toEqual([]);
  expect(await service.rows("select key from form_keys")).toHaveLength(1);
  expect(await service.rows("select id from partner_links")).toEqual([]);
  expect(await service.rows("select daily_limit from partners")).toEqual([{ daily_limit: null }]);
});

test("sending is stopped while the database can't keep the act; the next tick copies it from the Guard, once", async () => {
  await service.rows(
    "create trigger no_acts before insert on acts begin select raise(abort, 'no acts'); end",
  );
  const answer = await service.admin("POST", "/sending/stop", { reason: "a fire" });
  expect(await answer.json()).toMatchObject({ sending: "stopped", reason: "a fire" });
  await service.rows("drop trigger no_acts");
  const requestId = answer.headers.get("request-id");
  expect(await actsOf(requestId)).toEqual([]);
  await service.tick();
  await service.tick();
  expect(await actsOf(requestId)).toMatchObject([
    { verb: "stop_sending", stage: "settled", changed: '{"reason":"a fire"}' },
  ]);
});

test("sending is stopped with an Idempotency-Key, too, while the database takes nothing", async () => {
  await service.rows(
    "create trigger no_keys before insert on kept_answers begin select raise(abort, 'away'); end",
  );
  const answer = await service.admin(
    "POST",
    "/sending/stop",
    { reason: "a fire" },
    { "idempotency-key": "k" },
  );
  await service.rows("drop trigger no_keys");
  expect(await answer.json()).toMatchObject({ sending: "stopped" });
});

test("an address in the reason of a stop stays out of the acts, in the Guard's as well", async () => {
  await service.admin("POST", "/sending/stop", { reason: "ada@gmail.com complained" });
  const acts = JSON.stringify(await service.rows("select * from acts"));
  expect(acts).toContain("(address) complained");
  expect(acts).not.toContain("ada@");
});

test("an erasure that is cut short before anything is erased leaves no act, and may be asked for again under its key", async () => {
  await service.signUp({ email: "ada@themepost.dev" });
  const erase = () =>
    service.admin("POST", "/subscribers/erase", { address: "ada@themepost.dev" }, { "idempotency-key": "k" });
  await service.rows(
    "create trigger no_list before insert on suppressions begin select raise(abort, 'cut short'); end",
  );
  expect((await erase()).status).toBe(500);
  await service.rows("drop trigger no_list");
  expect(await service.rows("select id from acts where verb = 'erase_subscriber'")).toEqual([]);
  service.moveTo(service.clock.now + 301_000);
  expect((await erase()).status).toBe(200);
  expect(await service.rows("select id from acts where verb = 'erase_subscriber'")).toHaveLength(1);
});

test("a complaint stays the reason when the owner suppresses as well, and gets the owner's note", async () => {
  await service.signUp({ email: "ada@themepost.dev" });
  const body = { address: "ada@themepost.dev", note: "asked us by phone" };
  await service.admin("POST", "/suppressions", body);
  await service.rows("update suppressions set reason = 'complaint', note = null");
  await service.admin("POST", "/suppressions", body);
  expect(await service.rows("select reason, note from suppressions")).toEqual([
    { reason: "complaint", note: "asked us by phone" },
  ]);
});

test("an intent of which nobody knows what came of it is shown as such", async () => {
  await service.rows(
    `insert into acts (at, actor, verb, object, changed, request_id, stage)
     values (1, 'api', 'stop_sending', 'sending', '{}', 'cut short', 'intent')`,
  );
  const { data } = await (await service.admin("GET", "/acts")).json<{ data: object[] }>();
  expect(data).toContainEqual(expect.objectContaining({ request_id: "cut short", settled: false }));
});

test("what the service does by itself is an act, too: a run that it stops, and sending that it stops", async () => {
  await emptyTables(service);
  service = startService({ ownGuard: true, vars: { STOP_AFTER_LETTERS: "50" } });
  await service.publish(sequenceOf(3));
  const due = START + DAY;
  await enroll(service, 150, due);
  await service.rows("update subscribers set address = 'refuse' || id || '@themepost.dev' where id % 2 = 0");
  service.moveTo(due);
  await service.tick();
  await service.drain();
  await service.arrangeFaults("refuse:invalid_api_key");
  await service.signUp({ email: "ada@themepost.dev" });
  await service.drain();
  await service.tick();
  const { data } = await (await service.admin("GET", "/acts")).json<{
    data: { actor: string; verb: string }[];
  }>();
  const own = data.filter(({ actor }) => actor === "service").map(({ verb }) => verb);
  expect(own.sort()).toEqual(["stop_run", "stop_sending"]);
});

test("an archived sequence takes no new readers and is not shown; those who asked before may confirm, and readers go on", async () => {
  await service.signUp({ email: "ada@themepost.dev" });
  await service.drain();
  const [confirmation] = await service.accepted("ada@themepost.dev");
  const etag = (await service.admin("GET", "/sequences/strengthening-bonds")).headers.get("etag") ?? "";
  await service.admin("POST", "/sequences/strengthening-bonds/archive", undefined, { "if-match": etag });
  await service.signUp({ email: "bea@themepost.dev" });
  expect(await service.rows("select address from subscribers")).toHaveLength(1);
  expect(await (await service.request("/")).text()).not.toContain("Theme 1");
  const link = /https:\/\/[^"]+(\/confirm\/[A-Za-z0-9_-]+)/.exec(confirmation?.html ?? "")?.[1] ?? "";
  expect((await service.request(link, { method: "POST" })).ok).toBe(true);
  service.moveTo(START + 2 * DAY);
  await service.tick();
  await service.drain();
  expect((await service.accepted("ada@themepost.dev")).map(({ subject }) => subject)).toContain(
    "A letter on theme-1",
  );
});

test("what was written is read again as it was, and can be published as it is read", async () => {
  const written = sequenceOf(2);
  await service.publish(written, "garden-letters");
  const read = await (await service.admin("GET", "/sequences/garden-letters")).json<typeof written>();
  expect(read).toMatchObject({ slug: "garden-letters", version: 1, archived_at: null, ...written });
  const again = await service.publish(
    { title: read.title, welcome: read.welcome, steps: read.steps },
    "garden-letters",
  );
  expect(await again.json()).toMatchObject({
    steps: [{ change: "unchanged" }, { change: "unchanged" }],
  });
});

test("the note of a suppression is kept with it, and goes with the person's erasure", async () => {
  await service.signUp({ email: "ada@themepost.dev" });
  const note = "asked us by phone";
  await service.admin("POST", "/suppressions", { address: "ada@themepost.dev", note });
  expect(await service.rows("select note from suppressions")).toEqual([{ note }]);
  await service.admin("POST", "/subscribers/erase", { address: "ada@themepost.dev" });
  expect(await service.rows("select note from suppressions")).toEqual([{ note: null }]);
  expect(JSON.stringify(await service.rows("select * from acts"))).not.toContain("phone");
});
