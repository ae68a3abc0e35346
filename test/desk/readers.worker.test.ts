import { beforeEach, expect, test } from "vitest";
import { addToDesk, atDesk, textOf } from "../support/desk.ts";
import { emptyTables } from "../support/empty-tables.ts";
import { becomeReader, HOUR, sequenceOf, startService } from "../support/service.ts";

const service = startService();
const OWNER = "rosa@lindner.at";

beforeEach(async () => {
  await emptyTables(service);
  await addToDesk(service, OWNER, "owner");
});

/** People who signed up, as rows, the newest last. */
async function people(addresses: readonly string[], state = "active"): Promise<void> {
  for (const address of addresses)
    await service.rows(
      "insert into subscribers (address, address_key, state, created_at, address_hash) values (?, ?, ?, ?, ?)",
      address,
      address.toLowerCase(),
      state,
      service.clock.now,
      `hash of ${address}`,
    );
}

const addressesIn = (html: string) =>
  [...html.matchAll(/translate="no"[^>]*>([^<]+)</g)].map(([, address]) => address);

async function idOf(address: string): Promise<number> {
  const [row] = await service.rows<{ id: number }>("select id from subscribers where address = ?", address);
  return row?.id ?? 0;
}

test("readers are listed the newest first, page by page, each once; those who were erased aren't", async () => {
  const all = Array.from({ length: 120 }, (_, place) => `reader-${String(place).padStart(3, "0")}@web.de`);
  await people(all);
  await people(["gone"], "erased");
  const rosa = await atDesk(service, OWNER);
  const seen: (string | undefined)[] = [];
  for (let path: string | undefined = "/desk/readers"; path !== undefined; ) {
    const html: string = await rosa.see(path);
    seen.push(...addressesIn(html));
    path = /href="([^"]+)" rel="next"/.exec(html)?.[1]?.replaceAll("&amp;", "&");
  }
  expect(seen).toEqual(all.toReversed());
});

test("a list of one state holds those in it, and an unknown state is everyone", async () => {
  await people(["ada@web.de"]);
  await people(["bea@web.de"], "pending");
  await people(["cleo@web.de"], "unsubscribed");
  const rosa = await atDesk(service, OWNER);
  const of = async (state: string) => addressesIn(await rosa.see(`/desk/readers?state=${state}`));
  expect(await of("pending")).toEqual(["bea@web.de"]);
  expect(await of("unsubscribed")).toEqual(["cleo@web.de"]);
  expect(await of("erased")).toEqual(["cleo@web.de", "bea@web.de", "ada@web.de"]);
  expect(await of("' or 1=1 --")).toHaveLength(3);
});

test("someone is found by the beginning of their address, whatever characters it has; nothing of it stands in an address of a page", async () => {
  await people(["ada@web.de", "ada+news@web.de", "adam@gmail.com", "bea@web.de", "a_a@web.de", "a%a@web.de"]);
  const rosa = await atDesk(service, OWNER);
  const find = async (typed: string) => {
    const answer = await rosa.post("/desk/readers", { find: typed });
    expect(answer.headers.get("location")).toBeNull();
    return [answer.status, addressesIn(await answer.text())];
  };
  expect(await find("ada")).toEqual([200, ["ada+news@web.de", "ada@web.de", "adam@gmail.com"]]);
  expect(await find("  ADA@Web.de ")).toEqual([200, ["ada@web.de"]]);
  expect(await find("a_a")).toEqual([200, ["a_a@web.de"]]);
  expect(await find("a%a")).toEqual([200, ["a%a@web.de"]]);
  expect(await find("zoe")).toEqual([200, []]);
  for (const little of ["", "a", "ad", "   "]) expect(await find(little)).toEqual([422, []]);
  const marked = await (await rosa.post("/desk/readers", { find: "<script>alert(1)</script>" })).text();
  expect(marked).not.toContain("<script>alert");
});

test("an editor sees addresses masked and opens no one; a helper finds one person by their whole address, and lists no one", async () => {
  await people(["ada@web.de", "adam@web.de"]);
  await addToDesk(service, "eva@lindner.at", "editor");
  await addToDesk(service, "hugo@lindner.at", "helper");
  const editor = await atDesk(service, "eva@lindner.at");
  const listed = await editor.see("/desk/readers");
  expect(addressesIn(listed)).toEqual(["a…@web.de", "a…@web.de"]);
  expect(listed).not.toContain("ada@");
  expect((await editor.get(`/desk/readers/${await idOf("ada@web.de")}`)).status).toBe(403);
  const helper = await atDesk(service, "hugo@lindner.at");
  expect(addressesIn(await helper.see("/desk/readers"))).toEqual([]);
  expect((await helper.post("/desk/readers", { find: "ada" })).status).toBe(422);
  const found = await helper.post("/desk/readers", { find: "ada@web.de" });
  expect(addressesIn(await found.text())).toEqual(["ada@web.de"]);
  expect((await helper.get(`/desk/readers/${await idOf("ada@web.de")}`)).status).toBe(200);
});

test("a person's page says what comes next and when, what happened, and what they agreed to; and the look is kept, once an hour", async () => {
  await service.publish(sequenceOf(3));
  await becomeReader(service, "ada@web.de", {
    first_name: "<img src=x>",
    page: "/<script>alert(1)</script>",
  });
  const rosa = await atDesk(service, OWNER);
  const path = `/desk/readers/${await idOf("ada@web.de")}`;
  const html = await rosa.see(path);
  const text = textOf(html);
  expect(text).toMatch(/Gets letter 1, “.+”, of Strengthening Bonds on \w{3} \d+ \w{3}, 0?9:00 .*Berlin/);
  for (const part of [
    "Signed up for strengthening-bonds",
    "Confirmed, and gets strengthening-bonds",
    "The confirmation email left",
    "I want one letter a week by email.",
  ])
    expect(text).toContain(part);
  expect(html).not.toMatch(/<script>alert|<img src=x/);
  await rosa.see(path);
  const looks = () => service.rows("select subscriber_id, count(*) as n from desk_looks group by 1");
  expect(await looks()).toEqual([{ subscriber_id: await idOf("ada@web.de"), n: 1 }]);
  service.moveTo(service.clock.now + HOUR);
  await rosa.see(path);
  expect(await looks()).toMatchObject([{ n: 2 }]);
  expect((await rosa.get("/desk/readers/999999")).status).toBe(404);
  expect((await rosa.get("/desk/readers/1%20or%201")).status).toBe(404);
});

test("an owner stops someone with a note, and takes it back; both are acts of theirs, and letters keep to it", async () => {
  await service.publish(sequenceOf(3));
  await becomeReader(service, "dora@web.de");
  const rosa = await atDesk(service, OWNER);
  const path = `/desk/readers/${await idOf("dora@web.de")}`;
  expect((await rosa.post(`${path}/suppress`, { note: " " })).status).toBe(422);
  const stopped = await rosa.post(`${path}/suppress`, { note: "asked us by phone" });
  expect(stopped.headers.get("location")).toBe(`${path}?done=suppressed`);
  expect(textOf(await rosa.see(path))).toContain("We never mail them: you said so");
  expect((await rosa.post(`${path}/lift`, { note: "changed their mind" })).status).toBe(303);
  expect(textOf(await rosa.see(path))).toContain("Gets letter 1, “");
  const [person] = await service.rows<{ id: number }>("select id from desk_people");
  const acts = await service.rows("select actor, verb from acts where verb like '%suppress%' order by id");
  expect(acts).toEqual([
    { actor: `desk:${person?.id}`, verb: "suppress" },
    { actor: `desk:${person?.id}`, verb: "lift_suppression" },
  ]);
});

test("erasing asks for the address once more and for a fresh link, and then nothing of the person is shown", async () => {
  await service.publish(sequenceOf(3));
  await becomeReader(service, "emil@web.de");
  const rosa = await atDesk(service, OWNER);
  const path = `/desk/readers/${await idOf("emil@web.de")}`;
  expect((await rosa.post(`${path}/erase`, { address: "bea@web.de" })).status).toBe(422);
  service.moveTo(service.clock.now + 11 * 60_000);
  expect((await rosa.post(`${path}/erase`, { address: "emil@web.de" })).status).toBe(403);
  const fresh = await atDesk(service, OWNER);
  const erased = await fresh.post(`${path}/erase`, { address: " EMIL@web.de " });
  expect(erased.headers.get("location")).toBe(`${path}?done=erased`);
  const html = await fresh.see(path);
  expect(html).not.toContain("emil@web.de");
  expect(textOf(html)).toContain("Everything about them is erased");
  for (const act of ["suppress", "lift", "erase"])
    expect((await fresh.post(`${path}/${act}`, { note: "again", address: "emil@web.de" })).status).toBe(404);
});

test("looking changes nothing but that it's kept", async () => {
  await service.publish(sequenceOf(3));
  await becomeReader(service, "finn@web.de");
  const rosa = await atDesk(service, OWNER);
  const tables = [
    "subscribers",
    "enrollments",
    "deliveries",
    "consents",
    "acts",
    "suppressions",
    "desk_people",
  ];
  const state = async () =>
    JSON.stringify(await Promise.all(tables.map((table) => service.rows(`select * from ${table}`))));
  const before = await state();
  for (const path of [
    "/desk/readers",
    "/desk/readers?state=active",
    `/desk/readers/${await idOf("finn@web.de")}`,
  ])
    await rosa.get(path);
  await rosa.post("/desk/readers", { find: "finn" });
  expect(await state()).toBe(before);
});
