import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { addToDesk, atDesk, cookieOf, deskLink, enter, tokenIn } from "../support/desk.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { DAY, HOUR, OWN_ORIGIN, type Service, startService } from "../support/service.ts";

const OWNER = "rosa@lindner.at";
const MINUTE = 60_000;
let service: Service;

beforeEach(async () => {
  service = startService();
  await emptyTables(service);
});
afterEach(() => void vi.restoreAllMocks());

const statusOf = async (answer: Promise<Response>) => (await answer).status;

test("without anyone at the desk there is none, and no visitor makes themselves its owner", async () => {
  for (const path of ["/desk", "/desk/settings", "/desk/enter/abc"])
    expect([path, await statusOf(service.request(path))]).toEqual([path, 404]);
  expect((await enter(service, "/desk/enter/abc")).status).toBe(404);
  const access = { aud: "own", email: OWNER };
  const trusting = startService({ vars: { ACCESS_AUD: "own" } });
  expect((await trusting.request("/desk", {}, access)).status).toBe(403);
  expect(await service.rows("select 1 from desk_people")).toEqual([]);
});

test("a link into the desk shows a button, and the button lets in once", async () => {
  await addToDesk(service, OWNER, "owner");
  const link = await deskLink(service, OWNER);
  const page = await service.request(link);
  expect([page.status, page.headers.get("set-cookie")]).toEqual([200, null]);
  expect(await service.rows("select 1 from desk_sessions")).toEqual([]);
  const entered = await enter(service, link);
  expect([entered.status, entered.headers.get("location")]).toEqual([303, "/desk"]);
  const set = entered.headers.get("set-cookie") ?? "";
  for (const part of ["__Host-desk=", "Path=/", "HttpOnly", "Secure", "SameSite=Strict"])
    expect(set).toContain(part);
  expect((await service.request("/desk", { headers: { cookie: cookieOf(entered) } })).status).toBe(200);
  const again = await enter(service, link);
  expect([again.status, again.headers.get("set-cookie")]).toEqual([410, null]);
  // The session can't be read out of the database.
  const kept = JSON.stringify(await service.rows("select * from desk_sessions"));
  expect(kept).not.toContain(/\.([0-9a-f]{64})\./.exec(set)?.[1]);
});

test("two presses at once open one session", async () => {
  await addToDesk(service, OWNER, "owner");
  const link = await deskLink(service, OWNER);
  const answers = await Promise.all([enter(service, link), enter(service, link)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([303, 410]);
  expect(await service.rows("select count(*) as n from desk_sessions")).toEqual([{ n: 1 }]);
});

test("a link that's too old, made up, or of someone who was removed opens nothing", async () => {
  await addToDesk(service, OWNER, "owner");
  await addToDesk(service, "ada@web.de", "helper");
  const [late, theirs] = [await deskLink(service, OWNER), await deskLink(service, "ada@web.de")];
  const [ada] = await service.rows<{ id: number }>("select id from desk_people where address = 'ada@web.de'");
  expect((await service.admin("DELETE", `/desk/people/${ada?.id}`)).status).toBe(200);
  expect(await statusOf(enter(service, theirs))).toBe(410);
  for (const made of ["0".repeat(58), late.slice(0, -1), `${late.slice(0, -2)}AA`, "x"])
    expect(await statusOf(enter(service, `/desk/enter/${made.split("/").at(-1)}`))).toBe(410);
  service.moveTo(service.clock.now + 10 * MINUTE);
  expect(await statusOf(enter(service, late))).toBe(410);
  expect(await service.rows("select 1 from desk_sessions")).toEqual([]);
});

test("a session ends twelve hours after its last use, and seven days after its beginning", async () => {
  await addToDesk(service, OWNER, "owner");
  const begun = service.clock.now;
  const rosa = await atDesk(service, OWNER);
  for (let at = begun; at < begun + 7 * DAY; at += 11 * HOUR) {
    service.moveTo(at);
    expect((await rosa.get("/desk")).status).toBe(200);
  }
  service.moveTo(begun + 7 * DAY);
  expect((await rosa.get("/desk")).status).toBe(401);
  const idle = await atDesk(service, OWNER);
  service.moveTo(service.clock.now + 12 * HOUR + MINUTE);
  expect((await idle.get("/desk")).status).toBe(401);
});

test("another role, a removal and “end all” end sessions at once", async () => {
  await addToDesk(service, OWNER, "owner");
  await addToDesk(service, "ada@web.de", "helper");
  const ada = await atDesk(service, "ada@web.de");
  await addToDesk(service, "ada@web.de", "viewer");
  expect((await ada.get("/desk")).status).toBe(401);
  const back = await atDesk(service, "ada@web.de");
  const rosa = await atDesk(service, OWNER);
  const [row] = await service.rows<{ id: number }>("select id from desk_people where address = 'ada@web.de'");
  expect((await rosa.post("/desk/settings/people/remove", { person: String(row?.id) })).status).toBe(303);
  expect((await back.get("/desk")).status).toBe(401);
  const other = await atDesk(service, OWNER);
  await rosa.post("/desk/settings/sessions/end");
  for (const session of [rosa, other]) expect((await session.get("/desk")).status).toBe(401);
});

test("the last owner can't be removed, at the desk or by a program", async () => {
  await addToDesk(service, OWNER, "owner");
  await addToDesk(service, "ada@web.de", "editor");
  const [row] = await service.rows<{ id: number }>("select id from desk_people where role = 'owner'");
  expect((await service.admin("DELETE", `/desk/people/${row?.id}`)).status).toBe(404);
  expect((await service.admin("POST", "/desk/people", { address: OWNER, role: "editor" })).status).toBe(422);
  expect(await service.rows("select role from desk_people where removed_at is null order by role")).toEqual([
    { role: "editor" },
    { role: "owner" },
  ]);
});

test("a made-up or altered cookie is nobody's", async () => {
  await addToDesk(service, OWNER, "owner");
  const { cookie } = await atDesk(service, OWNER);
  const altered = [
    cookie.replace(/.$/, (last) => (last === "0" ? "1" : "0")),
    cookie.replace("=", "=z"),
    "__Host-desk=1.2.3",
    cookie.replace("__Host-desk", "desk"),
  ];
  for (const each of altered)
    expect((await service.request("/desk", { headers: { cookie: each } })).status).toBe(401);
});

test("the desk is on our own host alone, under its own name, by its own methods", async () => {
  await addToDesk(service, OWNER, "owner");
  const { cookie } = await atDesk(service, OWNER);
  const ask = (path: string, init: RequestInit = {}) =>
    service.request(path, { redirect: "manual", ...init, headers: { cookie } });
  for (const host of ["themepost.account.workers.dev", "preview.themepost.dev", "letters.themepost.dev:8443"])
    for (const path of ["/desk", "/desk/settings", "/desk/settings/acts"])
      expect([host, path, (await ask(`https://${host}${path}`)).status]).toEqual([host, path, 404]);
  expect((await ask("/desk", { method: "HEAD" })).status).toBe(200);
  for (const method of ["OPTIONS", "PUT", "DELETE", "PATCH"])
    expect([method, (await ask("/desk", { method })).status]).toEqual([method, 405]);
  expect((await ask("/desk/sending/stop")).status).toBe(405);
  expect((await service.request("/desk/sending/stop", { method: "PUT" })).status).toBe(405);
  // Another spelling is the same page behind the same door, or none.
  for (const path of ["/%64esk", "/desk/", "//desk", "/desk%2Fsettings", "/DESK", "/desk/settings/"])
    expect([
      path,
      [301, 308, 401, 404].includes(await statusOf(service.request(path, { redirect: "manual" }))),
    ]).toEqual([path, true]);
});

test("a form is taken only from the desk's own pages, with what they carry; else nothing is changed", async () => {
  await addToDesk(service, OWNER, "owner");
  await addToDesk(service, "ada@web.de", "owner");
  const [rosa, ada] = [await atDesk(service, OWNER), await atDesk(service, "ada@web.de")];
  const reason = { reason: "a look at the bounces" };
  const theirs = tokenIn(await ada.see("/desk/settings"));
  const tries = [
    rosa.post("/desk/sending/stop", reason, { origin: "https://evil.example" }),
    rosa.post("/desk/sending/stop", reason, { origin: "null" }),
    rosa.post("/desk/sending/stop", reason, { "sec-fetch-site": "cross-site" }),
    rosa.post("/desk/sending/stop", reason, { "sec-fetch-site": "same-site" }),
    rosa.post("/desk/sending/stop", { ...reason, desk: "" }),
    rosa.post("/desk/sending/stop", { ...reason, desk: theirs }),
    service.request("/desk/sending/stop", {
      method: "POST",
      headers: { cookie: rosa.cookie },
      body: new URLSearchParams(reason),
    }),
  ];
  for (const answer of await Promise.all(tries)) expect(answer.status).toBe(403);
  expect(await (await service.admin("GET", "/sending")).json()).toMatchObject({ sending: "on" });
  const old = tokenIn(await rosa.see("/desk/settings"));
  service.moveTo(service.clock.now + 11 * HOUR);
  await rosa.get("/desk");
  service.moveTo(service.clock.now + 11 * HOUR);
  expect((await rosa.post("/desk/sending/stop", { ...reason, desk: old })).status).toBe(303);
  await service.admin("POST", "/sending/resume");
});

test("no page of the desk may be framed, kept, read by a script of another site, or run text as a script", async () => {
  await addToDesk(service, OWNER, "owner");
  const rosa = await atDesk(service, OWNER);
  const { headers } = await rosa.get("/desk");
  const policy = headers.get("content-security-policy") ?? "";
  for (const part of ["default-src 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"])
    expect(policy).toContain(part);
  expect(headers.get("cache-control")).toBe("no-store");
  expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
  expect(headers.get("access-control-allow-origin")).toBeNull();
});

test("Cloudflare Access lets in whom it knows for this application and who is at the desk; set up wrongly it lets in no one", async () => {
  const behind = startService({ vars: { ACCESS_AUD: "own" } });
  await addToDesk(behind, OWNER, "owner");
  const by = (aud: string, email: string, from = behind) =>
    statusOf(from.request("/desk", {}, { aud, email }));
  expect(await by("own", OWNER)).toBe(200);
  expect(await by("own", OWNER.toUpperCase())).toBe(200);
  expect(await by("own", "ada@web.de")).toBe(403);
  expect(await by("another", OWNER)).toBe(401);
  expect(await by("", OWNER)).toBe(401);
  for (const vars of [{}, { ACCESS_AUD: "" }])
    expect(await by("own", OWNER, startService({ vars }))).toBe(401);
  const header = { "cf-access-authenticated-user-email": OWNER };
  expect((await behind.request("/desk", { headers: header })).status).toBe(401);
});

test("where the runtime doesn't tell, the assertion is verified: by whom, for whom, until when", async () => {
  const pair = await generateKeyPair("RS256");
  const stranger = await generateKeyPair("RS256");
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: "one", alg: "RS256" };
  const real = globalThis.fetch;
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) =>
    String(input instanceof Request ? input.url : input).startsWith("https://lindner.cloudflareaccess.com/")
      ? Response.json({ keys: [jwk] })
      : real(input as RequestInfo, init),
  );
  const behind = startService({ vars: { ACCESS_AUD: "own", ACCESS_TEAM: "lindner" } });
  await addToDesk(behind, OWNER, "owner");
  type Claims = {
    readonly aud?: string;
    readonly iss?: string;
    readonly exp?: string;
    readonly key?: CryptoKey;
  };
  const assertion = async ({
    aud = "own",
    iss = "https://lindner.cloudflareaccess.com",
    exp = "5m",
    key = pair.privateKey,
  }: Claims = {}) =>
    new SignJWT({ email: OWNER })
      .setProtectedHeader({ alg: "RS256", kid: "one" })
      .setAudience(aud)
      .setIssuer(iss)
      .setIssuedAt()
      .setExpirationTime(exp)
      .sign(key);
  const ask = async (token: string, from = behind) =>
    statusOf(from.request("/desk", { headers: { "cf-access-jwt-assertion": token } }));
  expect(await ask(await assertion())).toBe(200);
  const wrong: Claims[] = [
    { aud: "another" },
    { iss: "https://evil.cloudflareaccess.com" },
    { exp: "-5m" },
    { key: stranger.privateKey },
  ];
  for (const claims of wrong) expect([claims, await ask(await assertion(claims))]).toEqual([claims, 401]);
  expect(await ask(`${(await assertion()).split(".").slice(0, 2).join(".")}.`)).toBe(401);
  // Without a team there's no one whose signature would count.
  expect(await ask(await assertion(), startService({ vars: { ACCESS_AUD: "own" } }))).toBe(401);
});

test("what can't be taken back asks for a link that was opened a moment ago, also behind Access", async () => {
  const access = { aud: "own", email: OWNER };
  const behind = startService({ vars: { ACCESS_AUD: "own" } });
  await addToDesk(behind, OWNER, "owner");
  const add = async (cookie: string) => {
    const html = await (await behind.request("/desk/settings", { headers: { cookie } }, access)).text();
    const body = new URLSearchParams({ desk: tokenIn(html), address: "ada@web.de", role: "viewer" });
    const headers = { cookie, origin: OWN_ORIGIN };
    return behind.request("/desk/settings/people/add", { method: "POST", headers, body }, access);
  };
  expect((await add("")).status).toBe(403);
  const cookie = cookieOf(await enter(behind, await deskLink(behind, OWNER)));
  expect((await add(cookie)).status).toBe(303);
  behind.moveTo(behind.clock.now + 10 * MINUTE);
  expect((await add(cookie)).status).toBe(403);
  expect(await behind.rows("select address from desk_people order by id")).toEqual([
    { address: OWNER },
    { address: "ada@web.de" },
  ]);
});

test("while the database is away sending can be stopped by whoever was let in before, and by no one else", async () => {
  const own = startService({ ownGuard: true });
  await emptyTables(own);
  await addToDesk(own, OWNER, "owner");
  const rosa = await atDesk(own, OWNER);
  const { DB } = own.bindings;
  const prepare = vi.spyOn(DB, "prepare").mockImplementation(() => {
    throw new Error("D1_ERROR: storage is away");
  });
  const batch = vi.spyOn(DB, "batch").mockRejectedValue(new Error("D1_ERROR: storage is away"));
  const away = await rosa.get("/desk");
  const html = await away.text();
  expect(away.status).toBe(503);
  expect(html).toContain('action="/desk/sending/stop"');
  const stop = (headers: Record<string, string>) =>
    own.request("/desk/sending/stop", {
      method: "POST",
      headers: { origin: OWN_ORIGIN, ...headers },
      body: new URLSearchParams({ desk: tokenIn(html), reason: "the database is away" }),
    });
  expect((await stop({ cookie: rosa.cookie })).status).toBe(200);
  expect((await stop({})).status).toBeGreaterThanOrEqual(400);
  prepare.mockRestore();
  batch.mockRestore();
  expect(await (await own.admin("GET", "/sending")).json()).toMatchObject({
    sending: "stopped",
    reason: "the database is away",
  });
  await own.tick();
  const acts = await own.rows<{ actor: string; stage: string }>(
    "select actor, stage from acts where verb = 'stop_sending'",
  );
  expect(acts).toContainEqual({ actor: "desk", stage: "settled" });
});
