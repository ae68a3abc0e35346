import { beforeEach, expect, test } from "vitest";
import { signLink } from "../../src/platform/links/token.ts";
import { emptyTables } from "../support/empty-tables.ts";
import {
  becomeReader,
  DAY,
  HOUR,
  linkIn,
  runUntil,
  type Service,
  sequenceOf,
  startService,
  WEEK,
} from "../support/service.ts";

const EMAIL = "ada@themepost.dev";
let service: Service;
let preferences = "";
let leave = "";

beforeEach(async () => {
  service = startService({ ownGuard: true });
  await emptyTables(service);
  await service.publish(sequenceOf(4));
  await becomeReader(service, EMAIL, { time_zone: "Europe/Berlin", first_name: "Augusta" });
  const [, welcome] = await service.accepted(EMAIL);
  preferences = linkIn(welcome, "preferences");
  leave = linkIn(welcome, "unsubscribe");
});

const textOf = async (path: string) => (await service.request(path)).text();
const mailed = async () => (await service.accepted(EMAIL)).filter(({ html }) => html.includes("/data/"));

test("a letter's links show nothing of the person: neither address nor name, age, data or export", async () => {
  await service.change(await service.ownPage(EMAIL), {
    action: "personal",
    first_name: "Augusta",
    answer: "teenager",
  });
  for (const path of [preferences, `${preferences}?changed=1`, leave]) {
    const page = await textOf(path);
    expect(page).not.toMatch(/ada@themepost\.dev|Augusta|A teenager|I want one letter a week/);
    // No link of another kind, and none that opens more.
    expect(page).not.toMatch(/\/data\/|\/erase\/|\/back\//);
  }
  for (const path of ["data", "data.json", "erase"])
    expect((await service.request(`${preferences}/${path}`)).status).toBe(404);
  const seen = "1";
  for (const fields of [
    { action: "personal", seen, first_name: "Eve" },
    { action: "undo", seen, change: "1" },
  ])
    await service.form(preferences, fields);
  expect(
    await service.rows(
      "select first_name, e.answer from subscribers s join enrollments e on e.subscriber_id = s.id",
    ),
  ).toEqual([{ first_name: "Augusta", answer: "teenager" }]);
});

test("the link to a reader's own page goes to their mailbox, shows everything, and works for an hour", async () => {
  const asked = await (await service.form(`${preferences}/link`, {})).text();
  expect(asked).toContain("a•••@themepost.dev");
  await service.drain();
  const own = linkIn((await mailed())[0], "data");
  const page = await textOf(own);
  for (const part of [EMAIL, "Augusta", "I want one letter a week", "Erase your data"])
    expect(page).toContain(part);
  const file = (await (await service.request(`${own}/my-letters.json`)).json()) as { person: object };
  expect(file.person).toMatchObject({ address: EMAIL, first_name: "Augusta" });
  const changed = await service.change(own, { action: "personal", first_name: "Ada", answer: "" });
  expect(await textOf(changed.headers.get("location") ?? "")).toContain("Saved.");
  expect(await service.rows("select first_name from subscribers")).toEqual([{ first_name: "Ada" }]);

  service.moveTo(service.clock.now + HOUR);
  for (const path of [own, `${own}/my-letters.json`]) {
    const late = await service.request(path);
    expect(late.status).toBe(410);
    expect(await late.text()).not.toContain(EMAIL);
  }
  expect((await service.change(own, { action: "personal", first_name: "Eve" })).status).toBe(410);
  expect(await service.rows("select first_name from subscribers")).toEqual([{ first_name: "Ada" }]);
});

test("one such mail goes out a day and three in thirty days, whoever asks and from whichever page", async () => {
  for (let day = 0; day < 40; day += 1) {
    for (const path of [preferences, leave]) {
      await service.form(`${path}/link`, {});
      await service.form(`${path}/link`, {});
    }
    await service.drain();
    service.moveTo(service.clock.now + DAY);
  }
  expect(await mailed()).toHaveLength(6);
  const refused = await service.form(`${preferences}/link`, {});
  expect(refused.status).toBe(429);
  expect(await refused.text()).toContain("sent three of these links");
});

test("the page that just confirmed leads to everything for an hour; later visits and expired links don't", async () => {
  const email = "bea@themepost.dev";
  await service.signUp({ email });
  await service.drain();
  const confirm = linkIn((await service.accepted(email))[0], "confirm");
  const pressed = await (await service.form(confirm, {})).text();
  const own = /href="(\/data\/[^"]+)"/.exec(pressed)?.[1] ?? "";
  expect(await textOf(own)).toContain(email);
  expect(await textOf(confirm)).not.toContain("/data/");
  service.moveTo(service.clock.now + HOUR);
  expect((await service.request(own)).status).toBe(410);
  expect(await (await service.form(confirm, {})).text()).not.toContain("/data/");
  service.moveTo(service.clock.now + WEEK);
  const late = await textOf(confirm);
  expect(late).not.toMatch(/\/data\/|\/preferences\//);
  expect(late).toContain("Email me the link");
  await service.form(`${confirm}/link`, {});
  await service.drain();
  expect((await service.accepted(email)).at(-1)?.html).toContain("/data/");
});

test("a page behind an unsubscribe link leads nowhere else; it offers to mail the link", async () => {
  const answer = await (await service.form(leave, {})).text();
  for (const page of [answer, await textOf(leave)]) {
    expect(page).not.toMatch(/\/preferences\/|\/data\//);
    expect(page).toContain(`${leave}/link`);
  }
  await service.form(`${leave}/link`, {});
  await service.drain();
  expect(await mailed()).toHaveLength(1);
});

test("older links stop when a reader says so; the next letter's work, and unsubscribing always does", async () => {
  const own = await service.ownPage(EMAIL);
  expect(await (await service.form(`${preferences}/links`, {})).text()).toContain(
    "Older links are switched off",
  );
  for (const path of [preferences, own]) {
    const page = await service.request(path);
    expect(page.status).toBe(410);
    const shown = await page.text();
    expect(shown).toContain("switched off");
    expect(shown).toContain(`${path}/link`);
    expect((await service.form(path, { action: "pause", pause: "open", seen: "1" })).status).toBe(410);
  }
  await service.form(`${preferences}/link`, {});
  await service.drain();
  expect((await service.request(linkIn((await mailed())[0], "data"))).status).toBe(200);
  await runUntil(service, service.clock.now + DAY, 4 * HOUR);
  const theme = (await service.accepted(EMAIL)).at(-1);
  const newer = linkIn(theme, "preferences");
  expect(newer).not.toBe(preferences);
  expect((await service.request(newer)).status).toBe(200);
  await service.form(leave, { "List-Unsubscribe": "One-Click" });
  expect(await service.rows("select state from subscribers")).toEqual([{ state: "unsubscribed" }]);
});

test("a letter that's repeated after a lost answer has the same links, also if older ones were stopped in between", async () => {
  service.moveTo(service.clock.now + DAY);
  await service.arrangeFaults("drop_after_accept");
  await service.tick();
  await service.drain();
  await service.form(`${preferences}/links`, {});
  service.moveTo(service.clock.now + HOUR);
  await service.tick();
  await service.drain();
  const themes = (await service.accepted(EMAIL)).filter(({ tags }) =>
    tags.some(({ value }) => value === "theme"),
  );
  expect(themes).toHaveLength(1);
  expect(await service.rows("select state from deliveries where kind = 'theme'")).toEqual([
    { state: "accepted" },
  ]);
  // The second call was taken for the first: a third would have posted other bytes.
  expect(
    await service.rows(
      "select count(*) as attempts from attempts where batch_id = (select batch_id from deliveries where kind = 'theme')",
    ),
  ).toEqual([{ attempts: 2 }]);
});

test("a link with what mail programs leave around it opens what it names, the one-click, too", async () => {
  const token = leave.split("/")[2] ?? "";
  const [head, tail] = [token.slice(0, 21), token.slice(21)];
  const endings = [
    ".",
    ")",
    ",",
    "%3E",
    "%20",
    "%0D%0A",
    "%E2%80%8B",
    "&utm_source=mail",
    "/",
    "?x=1",
    "%C2%A0",
  ];
  const spellings = [
    ...endings.map((ending) => `/unsubscribe/${token}${ending}`),
    `/unsubscribe/${head}%0A${tail}`,
    `/unsubscribe/${head}=%0D%0A${tail}`,
    `//unsubscribe/${token}`,
    `/unsubscribe//${token}`,
  ];
  for (const path of spellings) {
    const answer = await service.request(path);
    const to = answer.headers.get("location");
    const page = to === null ? answer : await service.request(new URL(to).pathname);
    expect([path, page.status]).toEqual([path, 200]);
    expect(await page.text()).toContain(`action="${leave}"`);
  }
  for (const path of spellings.filter((path) => !/\/$/.test(path))) {
    const answer = await service.form(path, { "List-Unsubscribe": "One-Click" });
    expect([path, answer.status, await answer.text()]).toEqual([path, 200, "Unsubscribed."]);
  }
  expect(await service.rows("select state from subscribers")).toEqual([{ state: "unsubscribed" }]);
  const confirmation = linkIn((await service.accepted(EMAIL))[0], "confirm");
  const others = [preferences, confirmation, await service.ownPage(EMAIL)];
  for (const path of others) expect([path, (await service.request(`${path}.`)).status]).toEqual([path, 200]);
  expect((await service.request(`/unsubscribe/${head}`)).status).toBe(404);
});

test("a link that was signed with a retired secret stops letters and opens nothing", async () => {
  const retired = "retired-signing-secret-0123456789abcdef";
  const next = startService({
    vars: { SIGNING_SECRET: `${"n".repeat(40)}, opt-out:${retired}` },
  });
  const link = async (purpose: "unsubscribe" | "preferences", id: number) =>
    `/${purpose}/${await signLink(retired, { purpose, id, expiresAt: null, generation: 0 })}`;
  const [welcome] = await next.rows<{ id: number; person: number }>(
    "select id, recipient_id as person from deliveries where kind = 'welcome'",
  );
  expect((await next.request(await link("preferences", welcome?.person ?? 0))).status).toBe(404);
  const leaveRetired = await link("unsubscribe", welcome?.id ?? 0);
  expect(await (await next.request(leaveRetired)).text()).not.toMatch(/a•••@|\/link/);
  expect((await next.form(`${leaveRetired}/link`, {})).status).toBe(404);
  const left = await (await next.form(leaveRetired, { scope: "sequence" })).text();
  expect(left).toContain("You’re unsubscribed");
  expect(left).not.toMatch(/a•••@|\/back\/|\/link/);
  expect(await next.rows("select state from subscribers")).toEqual([{ state: "unsubscribed" }]);
});
