import { beforeEach, expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { isFile } from "../../src/http/api/answer-once.ts";
import type { Endpoint } from "../../src/http/api/endpoint.ts";
import { HEALTH } from "../../src/http/api/health.ts";
import { OWNERS_API } from "../../src/http/desk/api/all.ts";
import { SIGN_UP } from "../../src/http/signup/sign-up-api.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { ADMIN_TOKEN, DAY, type Service, sequenceOf, startService } from "../support/service.ts";
import { CHANGES, type Sample } from "./samples.ts";

let service: Service;

beforeEach(async () => {
  await emptyTables(startService());
  service = startService({ ownGuard: true });
  await service.publish(sequenceOf(3));
});

const ALL = [...HEALTH, ...SIGN_UP, ...OWNERS_API];
const PATHS = [...new Set(ALL.map(({ path }) => path))];
const LISTS = OWNERS_API.filter(({ query }) => query !== undefined && "cursor" in query.shape);
/** Those that read a body of their own are forms' doors: what they don't know of a form they ignore. */
const WITH_BODY = ALL.filter(({ method }) => method === "post" || method === "put");
const CHANGING = OWNERS_API.filter(({ method, act }) => method !== "get" && act !== null);

const fill = (path: string) => path.replace("{slug}", "strengthening-bonds").replace(/\{\w+\}/g, "1");
const needed = (endpoint: Endpoint) => (endpoint.name === "listLetters" ? "state=held" : "");

/** A request with the owner's token; every answer of the API has a request's id, and every problem a code. */
async function ask(method: string, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers({ authorization: `Bearer ${ADMIN_TOKEN}` });
  for (const [name, value] of new Headers(init.headers)) headers.set(name, value);
  const answer = await service.request(path, { redirect: "manual", ...init, method, headers });
  expect(answer.headers.get("request-id")).toMatch(/^[0-9a-f]{32}$/);
  if (answer.status >= 400 && method !== "HEAD") {
    expect([method, path, answer.headers.get("content-type")]).toEqual([
      method,
      path,
      "application/problem+json",
    ]);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(await answer.clone().json()).toMatchObject({
      status: answer.status,
      code: expect.stringMatching(/^[a-z_]+$/),
      title: expect.any(String),
      detail: expect.stringMatching(/\.$/),
    });
  }
  return answer;
}

const json = (body: string, type = "application/json") => ({ headers: { "content-type": type }, body });
const namesOf = ({ method, path }: Endpoint) => `${method.toUpperCase()} ${path}`;

async function faultsOf(answer: Response): Promise<unknown> {
  return [answer.status, await answer.json()];
}

const faulty = (field: string) => [
  422,
  expect.objectContaining({
    code: "faulty",
    faults: expect.arrayContaining([expect.objectContaining({ field, message: expect.any(String) })]),
  }),
];

test("every route of the router is described, and nothing else is", () => {
  const routes = createApp({ wallNow: () => 0, random: () => "", wait: async () => {} }).routes;
  const own = routes
    .filter(({ method, path }) => method !== "ALL" && /^\/(api|healthz)/.test(path))
    .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`);
  expect([...new Set(own)].sort()).toEqual(ALL.map(namesOf).sort());
  expect(PATHS.length).toBeGreaterThan(35);
});

test("each path names the methods that it takes, to OPTIONS and to a wrong one", async () => {
  for (const path of PATHS) {
    const methods = ALL.filter((endpoint) => endpoint.path === path).map(({ method }) =>
      method.toUpperCase(),
    );
    const allow = [...methods, ...(methods.includes("GET") ? ["HEAD"] : []), "OPTIONS"].sort().join(", ");
    const options = await ask("OPTIONS", fill(path));
    expect([path, options.status, options.headers.get("allow")]).toEqual([path, 204, allow]);
    expect(await options.text()).toBe("");
    const wrong = await ask("PATCH", fill(path));
    expect([path, wrong.status, wrong.headers.get("allow")]).toEqual([path, 405, allow]);
    expect(await wrong.json()).toMatchObject({ code: "wrong_method" });
  }
});

test("HEAD answers as GET does, without a body", async () => {
  for (const endpoint of ALL.filter(({ method }) => method === "get")) {
    const path = `${fill(endpoint.path)}?${needed(endpoint)}`;
    const [get, head] = [await ask("GET", path), await ask("HEAD", path)];
    expect([path, head.status, head.headers.get("etag")]).toEqual([
      path,
      get.status,
      get.headers.get("etag"),
    ]);
    expect(await head.text()).toBe("");
  }
});

test("a slash at the end leads to the path without it, with any method", async () => {
  for (const { method, path } of ALL.filter(({ path }) => path !== "/healthz")) {
    const answer = await ask(method.toUpperCase(), `${fill(path)}/?a=b`);
    expect([path, answer.status, answer.headers.get("location")]).toEqual([path, 308, `${fill(path)}?a=b`]);
  }
});

test("without the owner's token, or with a wrong one, nothing of the owner's API is answered", async () => {
  for (const { method, path } of OWNERS_API) {
    for (const authorization of ["", "Bearer wrong", "Basic YTpi"]) {
      const answer = await ask(method.toUpperCase(), fill(path), { headers: { authorization } });
      expect([path, answer.status, answer.headers.get("www-authenticate")]).toEqual([path, 401, "Bearer"]);
    }
  }
  expect((await ask("GET", "/api/v1/admin/nothing", { headers: { authorization: "" } })).status).toBe(401);
  expect((await ask("GET", "/api/v1/admin/nothing")).status).toBe(404);
});

test("another content type, broken JSON and an unknown field are refused, each in its way", async () => {
  for (const endpoint of WITH_BODY) {
    const send = (init: RequestInit) => ask(endpoint.method.toUpperCase(), fill(endpoint.path), init);
    const name = namesOf(endpoint);
    const text = await send(json("{}", "text/plain"));
    expect([name, text.status, await text.json()]).toMatchObject([name, 415, { code: "wrong_type" }]);
    const broken = await send(json('{"a": '));
    expect([name, broken.status, await broken.json()]).toMatchObject([name, 400, { code: "not_json" }]);
    expect([name, ...((await faultsOf(await send(json('{"surprise": 1}')))) as unknown[])]).toEqual([
      name,
      ...faulty("surprise"),
    ]);
  }
});

test("a query parameter that is unknown, or stands there twice, is refused", async () => {
  // A plain form may be sent to a door with anything behind its address: its fields count.
  for (const endpoint of ALL) {
    const { method, path } = endpoint;
    const at = (query: string) => `${fill(path)}?${[needed(endpoint), query].filter(Boolean).join("&")}`;
    const init = method === "post" || method === "put" ? json("{}") : {};
    expect(await faultsOf(await ask(method.toUpperCase(), at("surprise=1"), init))).toEqual(
      faulty("surprise"),
    );
    for (const known of Object.keys(endpoint.query?.shape ?? {})) {
      const twice = await ask(method.toUpperCase(), at(`${known}=1&${known}=2`), init);
      expect(await faultsOf(twice)).toEqual(faulty(known));
    }
  }
});

test("every list comes in pages of the size that was asked for, and a bad page is refused", async () => {
  expect(LISTS.length).toBeGreaterThan(4);
  for (const endpoint of LISTS) {
    const at = (query: string) =>
      `${fill(endpoint.path)}?${[needed(endpoint), query].filter(Boolean).join("&")}`;
    for (const [field, value] of [
      ["limit", "0"],
      ["limit", "501"],
      ["limit", "many"],
      ["cursor", "!"],
      ["cursor", "eyJhIjoxfQ"],
    ] as const) {
      expect(await faultsOf(await ask("GET", at(`${field}=${value}`)))).toEqual(faulty(field));
    }
    const page = await (await ask("GET", at("limit=1"))).json<{ data: unknown[] }>();
    expect(Object.keys(page).sort()).toEqual(["data", "has_more", "next"]);
    expect(page.data.length).toBeLessThanOrEqual(1);
  }
});

test("a list that is read page by page gives every entry once, and says when it ends", async () => {
  await service.publish(sequenceOf(1), "garden-letters");
  await service.publish(sequenceOf(1), "attic-letters");
  const slugs: string[] = [];
  let query = "limit=2";
  for (let pages = 0; pages < 3; pages += 1) {
    const page = await (await ask("GET", `/api/v1/admin/sequences?${query}`)).json<{
      data: { slug: string }[];
      has_more: boolean;
      next: string | null;
    }>();
    slugs.push(...page.data.map(({ slug }) => slug));
    expect(page.has_more).toBe(page.next !== null);
    if (page.next === null) break;
    query = `limit=2&cursor=${page.next}`;
  }
  expect(slugs).toEqual(["attic-letters", "garden-letters", "strengthening-bonds"]);
});

test("what two people can edit is changed only by someone who says what they saw", async () => {
  const guarded = CHANGING.filter(({ ifMatch }) => ifMatch === true);
  expect(guarded.map(({ name }) => name).sort()).toEqual([
    "archiveSegment",
    "archiveSequence",
    "bringSegmentBack",
    "changeBroadcast",
    "changeSegment",
    "publishSequence",
    "publishSite",
    "savePartner",
    "scheduleBroadcast",
    "sendBroadcastToJoined",
    "sendBroadcastToRest",
    "setHeldBroadcastGoing",
    "showBroadcastOnSite",
    "stopBroadcast",
    "takeBackBroadcast",
    "unarchiveSequence",
  ]);
  await service.admin("PUT", "/partners/garden", CHANGES.savePartner?.body);
  for (const endpoint of guarded) {
    const { path, body = {}, seen: read = path, arrange } = CHANGES[endpoint.name] as Sample;
    if (endpoint.tag === "Broadcasts" || endpoint.tag === "Segments") await arrange?.(service);
    const resource = `/api/v1/admin${read}`;
    const other = endpoint.name === "savePartner" ? { ...(body as object), daily_limit: 7 } : body;
    const change = async (headers: Record<string, string>, sent = other) =>
      ask(endpoint.method.toUpperCase(), `/api/v1/admin${path}`, {
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify(sent),
      });
    const tag = async () => (await ask("GET", resource)).headers.get("etag") ?? "";
    const seen = await tag();
    expect(seen).toMatch(/^"[^"]+"$/);
    const name = endpoint.name;
    expect([name, await faultsOf(await change({}))]).toMatchObject([
      name,
      [428, { code: "revision_missing" }],
    ]);
    for (const stale of ['"other"', 'W/"other"', "seen"]) {
      const answer = await faultsOf(await change({ "if-match": stale }));
      expect([name, answer]).toMatchObject([name, [412, { code: "stale" }]]);
    }
    expect(await faultsOf(await change({ "if-none-match": "*" }))).toMatchObject([412, { code: "stale" }]);
    expect(await tag()).toBe(seen);
    const changed = await change({ "if-match": `"old", W/${seen}` });
    expect([name, changed.status]).toEqual([name, 200]);
    expect(changed.headers.get("etag")).toBe(await tag());
  }
});

test("something new needs no condition, and nothing can be seen of what isn't there", async () => {
  const { body } = CHANGES.savePartner as Sample;
  const put = (path: string, headers: Record<string, string>, sent: unknown) =>
    ask("PUT", `/api/v1/admin${path}`, {
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(sent),
    });
  for (const [path, sent] of [
    ["/partners/new", body],
    ["/sequences/new", sequenceOf(1)],
  ] as const) {
    expect((await put(path, { "if-match": "*" }, sent)).status).toBe(412);
    expect((await put(path, { "if-match": '"1"' }, sent)).status).toBe(412);
    expect((await put(path, { "if-none-match": "*" }, sent)).status).toBe(200);
    expect((await put(path, { "if-none-match": "*" }, sent)).status).toBe(412);
    expect((await put(path, {}, sent)).status).toBe(428);
    expect((await put(path, { "if-match": "*" }, sent)).status).toBe(200);
  }
});

test("of two who change the same at once, one wins and the other is told, and nothing of the other's is written", async () => {
  await service.admin("PUT", "/partners/garden", CHANGES.savePartner?.body);
  const partner = (daily_limit: number) => ({ ...(CHANGES.savePartner?.body as object), daily_limit });
  for (const [path, bodyOf, seen] of [
    ["/partners/garden", partner, ({ daily_limit }: Read) => daily_limit],
    ["/sequences/strengthening-bonds", sequenceOf, ({ steps }: Read) => steps?.length],
  ] as const) {
    for (let tries = 0; tries < 3; tries += 1) {
      const etag = (await ask("GET", `/api/v1/admin${path}`)).headers.get("etag") ?? "";
      const sent = [bodyOf(4 + 2 * tries), bodyOf(5 + 2 * tries)];
      const answers = await Promise.all(
        sent.map((body) => service.admin("PUT", path, body, { "if-match": etag })),
      );
      const winner = sent[answers.findIndex(({ status }) => status === 200)];
      const statuses = answers.map(({ status }) => status).sort();
      const read = await (await service.admin("GET", path)).json<Read>();
      expect([path, statuses, seen(read)]).toEqual([path, [200, 412], seen(winner as Read)]);
    }
  }
});

type Read = { readonly daily_limit?: number; readonly steps?: readonly unknown[] };

const POSTS = CHANGING.filter((endpoint) => endpoint.method === "post" && !isFile(endpoint));

test.each(POSTS.map((endpoint) => [endpoint.name, endpoint] as const))(
  "%s under an Idempotency-Key is done once, and answered alike",
  async (name, endpoint) => {
    const { path, body, arrange, seen: read = path } = CHANGES[name] as Sample;
    await arrange?.(service);
    const seen = endpoint.ifMatch ? (await ask("GET", `/api/v1/admin${read}`)).headers.get("etag") : null;
    const key = { "idempotency-key": crypto.randomUUID() };
    const send = (sent = body) =>
      service.admin("POST", path, sent, { ...key, ...(seen === null ? {} : { "if-match": seen }) });
    const first = await send();
    expect(first.ok).toBe(true);
    const text = await first.text();
    const acts = await service.rows("select * from acts");
    // By now the tag that was sent is stale: the answer that was kept comes first.
    const again = await send();
    expect([again.status, JSON.parse(await again.text())]).toEqual([first.status, JSON.parse(text)]);
    expect(again.headers.get("etag")).toBe(first.headers.get("etag"));
    expect(await service.rows("select * from acts")).toEqual(acts);
    const other = await service.admin(
      "POST",
      path,
      body === undefined ? {} : { ...(body as object), x: 1 },
      key,
    );
    expect(other.status).toBe(422);
    const [kept] = await service.rows<{ body: string; key_hash: string }>(
      "select body, key_hash from kept_answers",
    );
    expect(kept?.key_hash).not.toContain(key["idempotency-key"]);
    expect(kept?.body).not.toMatch(/https?:\/\/|@/);
  },
);

test("another request under a key that was used is refused, and a refused one may try again under its key", async () => {
  const stop = (reason: string, key: string) =>
    service.admin("POST", "/sending/stop", { reason }, { "idempotency-key": key });
  expect((await stop("a holiday", "one")).status).toBe(200);
  expect(await faultsOf(await stop("another", "one"))).toMatchObject([422, { code: "key_reused" }]);
  const erase = () =>
    service.admin(
      "POST",
      "/subscribers/erase",
      { address: "ada@themepost.dev" },
      { "idempotency-key": "two" },
    );
  expect((await erase()).status).toBe(404);
  await service.signUp({ email: "ada@themepost.dev" });
  expect((await erase()).status).toBe(200);
  service.moveTo(service.clock.now + DAY);
  expect((await stop("another", "one")).status).toBe(200);
  const long = await stop("a holiday", "x".repeat(201));
  expect(await faultsOf(long)).toEqual(faulty("Idempotency-Key"));
});

test("a repeated request is not done again while the first is under way, nor when its answer was lost", async () => {
  await service.admin("PUT", "/partners/garden", CHANGES.savePartner?.body);
  const link = () => service.admin("POST", "/partners/garden/links", undefined, { "idempotency-key": "k" });
  expect((await link()).status).toBe(201);
  // As if the first had been cut short between its change and its answer.
  await service.rows("update kept_answers set status = null, body = null");
  expect(await faultsOf(await link())).toMatchObject([409, { code: "under_way" }]);
  service.moveTo(service.clock.now + 301_000);
  expect(await faultsOf(await link())).toMatchObject([409, { code: "answer_lost" }]);
  expect(await service.rows("select id from partner_links")).toHaveLength(1);
  // Or before its change: then it's done now.
  await service.rows("delete from acts where verb = 'make_partner_link'");
  expect((await link()).status).toBe(201);
});
